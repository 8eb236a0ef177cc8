"""intake 受理: takes every matter in, from any window, and gives it the one number that it keeps.

Decides: what a registration needs, whether an on-the-spot answer or a lawful refusal ends it there, which
earlier matters look the same, who may see a sealed field and for what purpose, and what a department that
works on a case is given under which sharing agreement.
Hears: `case.*` (to tell residents how their case stands), `grid.finding_reported` (to register it),
`delivery.*` (to know which unit was handed which case).
Tells: `registration.received`, `registration.accepted`, `registration.answered`, `registration.not_accepted`,
`registration.rejected_input`, `privacy.reveal_granted`, `privacy.reveal_denied`,
`vault.disclosed`, `sharing.agreed`, `sharing.ended`, `file.attached`.
Keeps: the vault. No other service stores a name, a number or an address (COR-29).
"""
