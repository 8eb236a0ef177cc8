"""Mediation is voluntary: who wants it, who does not, and what follows (人民调解法 art. 17, 23, 26)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from services.mediation.model import Matter, Party
from services.mediation.model.commands import Consent
from services.mediation.rules import ending
from services.mediation.rules.by import By
from services.mediation.rules.step import entered, moved, noted
from shared.decision import Decision
from shared.errors import Illegal, Refused
from shared.profile import Profile

STRICT = "each_party"  # the profile's rule under which silence is no consent


class Declined(Illegal):
    """409: somebody does not want to mediate; `routes` are the other legal ways."""

    def __init__(self, state: str, routes: list[dict[str, str]]) -> None:
        super().__init__("当事人不愿调解，请告知其他途径", state=state, allowed=(), code="mediation_declined")
        self.details["routes"] = routes


def declined(state: str, by: By) -> Declined:
    """The refusal with the notice of the other routes."""
    return Declined(state, routes_of(by.profile))


def routes_of(county: Profile) -> list[dict[str, str]]:
    """The legal ways beside mediation, as the notice to the parties lists them."""
    return [{"code": route.code, "name": route.name} for route in county.referral_routes]


def nobody_refused(parties: Iterable[Party], by: By) -> None:
    """Nobody is made to mediate."""
    if any(party.consent == "refused" for party in parties):
        raise declined("", by)


def everybody_agreed(matter: Matter, by: By) -> None:
    """A sitting needs the yes of each party where the profile says so; elsewhere that nobody refused."""
    nobody_refused(matter.parties, by)
    silent = [party.party_ref for party in matter.parties if party.consent != "agreed"]
    if silent and by.profile.mediation.consent == STRICT:
        raise Refused("还有当事人没有表示同意调解", code="consent_missing", parties=silent)


def record_consent(matter: Matter, ask: Consent, by: By) -> Decision[Matter]:
    """A party says yes or no, or joins; a no ends the matter and the other routes are shown."""
    entered(matter, "record_consent", by)
    parties = _with(matter, ask, by)
    if ask.answer == "refused":
        return ending.closed(
            replace(matter, parties=parties), "declined", by, reason="declined_by_party", routes_shown=True
        )
    return moved(matter, by, noted(matter, "consent.recorded"), reason="记录意愿", parties=parties)


def _with(matter: Matter, ask: Consent, by: By) -> tuple[Party, ...]:
    known = next((party for party in matter.parties if party.party_ref == ask.party_ref), None)
    side = known.side if known else ask.side
    if not side:
        raise Refused("新加入的当事人须写明是哪一方", code="side_missing")
    said = Party(party_ref=ask.party_ref, side=side, consent=ask.answer, how=ask.how, asked_at=by.at)
    if known is None:
        return (*matter.parties, said)
    return tuple(said if party is known else party for party in matter.parties)
