"""reporting 报表: one row for every case, built from what the others tell; everything is counted from rows.

Decides: nothing about a case. It shows where each is, which clocks run, and what happened when and by whom.
Hears: all that is told of a case, a hand-over, a mediation matter and a petition, each in turn;
what intake tells of a registration, and `privacy.reveal_*`, each once and in any order.
Tells: nothing yet.
Keeps: codes and times, never a text. Whatever it shows can be rebuilt from the owners' histories, and
`yizhan reporting recount` does so and compares.
"""
