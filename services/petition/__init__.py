"""petition 信访: every petition with its legal steps and limits, from receipt to its end.

Decides: who answers a petition, until when it must be passed on, notified and answered, whether more time is
lawful, when it is at its end. Nothing here hides, delays or deletes a petition.
Hears: `registration.accepted` and `case.*` (a petition taken in anywhere becomes one here, once).
Tells: `petition.*`.
Keeps: petitions with their steps; opinions and other texts are sealed (COR-29).
"""
