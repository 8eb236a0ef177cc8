"""mediation 调解: talks between the parties of a case, what came of them, and the agreement.

Decides: whether a case may be mediated now, whether a sitting may begin, whether a failed round counts, when
an agreement takes effect, when a matter is over.
Hears: `case.*` (to know what the case is, and that it moved up or ended).
Tells: `mediation.*`.
Keeps: one document per matter with its sittings, minutes and agreement. Free text is sealed (COR-29); parties
are references, their names live in intake's vault.
"""
