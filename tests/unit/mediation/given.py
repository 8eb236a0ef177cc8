"""Matters for the tests of mediation, each one step further; every reference is made up."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from services.mediation.model import CaseView, Matter, Mediator, Notice, Party, Presence, Session, Signature
from services.mediation.model import commands as asks
from services.mediation.rules import agreeing, opening, scheduling, sessions
from services.mediation.rules.by import By
from shared import ids
from shared.clock import CHINA
from shared.crypto import passing
from shared.decision import Actor, Decision
from shared.profile import Profile, load

ROOT = Path(__file__).resolve().parents[3]
VILLAGE = "990101101201"
COMMITTEE = "committee_101201"
MONDAY = datetime(2026, 9, 7, 9, 0, tzinfo=CHINA).astimezone(UTC)
"""Nine o'clock on an ordinary working Monday."""
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

CASE = ids.derived("tests", "case")
MM = ids.derived("tests", "matter")
WANG, LI = ids.derived("tests", "applicant"), ids.derived("tests", "respondent")
MEDIATOR, OTHER_MEDIATOR = ids.derived("tests", "mediator"), ids.derived("tests", "other mediator")
HASH = "a" * 64
SEALER = passing()
MINUTES = asks.WriteMinutes(
    facts="两家为水沟争执", law="讲了相邻关系的规定", proposals="各让半米",
    views={"applicant": "愿意各让半米", "respondent": "不同意"},
)  # fmt: skip
OFFERS = {"legal_service": "declined", "legal_aid": "declined", "judicial_confirmation": "accepted"}


@cache
def county(name: str = "xx-county") -> Profile:
    """A county's settings."""
    return load(ROOT / f"profiles/{name}.yaml")


def by(at: datetime = MONDAY, *, ref: str = MEDIATOR, profile: Profile | None = None) -> By:
    """Somebody acts."""
    actor = Actor(ref=ref, role="mediator", unit=COMMITTEE, region=VILLAGE)
    return By(actor=actor, at=at, profile=profile or county(), sealer=SEALER)


def view(**changes: Any) -> CaseView:
    """A quarrel between neighbours that the village works on."""
    known: dict[str, Any] = {
        "case_id": CASE, "region": VILLAGE, "case_no": "990101-2026-000001", "state": "handling",
        "tier": "village", "category": "neighbour", "willingness": "both",
    }  # fmt: skip
    return CaseView(**known | changes)


def party(ref: str = WANG, side: str = "applicant", consent: str = "agreed") -> Party:
    """A party."""
    return Party(party_ref=ref, side=side, consent=consent, how="oral")


BOTH = (party(), party(LI, "respondent"))


def ask(**changes: Any) -> asks.Open:
    """An ordinary matter of the village committee."""
    asked: dict[str, Any] = {
        "case_id": CASE, "tier": "village", "kind": "people", "organisation": COMMITTEE, "parties": BOTH,
        "mediators": (Mediator(ref=MEDIATOR, interest="none"),),
    }  # fmt: skip
    return asks.Open(**asked | changes)


def opened(at: datetime = MONDAY, known: CaseView | None = None, **changes: Any) -> Matter:
    """A matter that has just been opened."""
    return opening.open_matter(MM, known or view(), ask(**changes), by(at), "").state


def session_id(n: int) -> str:
    """The id of the n-th sitting."""
    return ids.derived("tests", "session", str(n))


def scheduled(matter: Matter | None = None, at: datetime = MONDAY, **changes: Any) -> Matter:
    """A matter with a sitting fixed for now, at the centre unless said otherwise."""
    matter = matter or opened(at)
    said: dict[str, Any] = {"mode": "centre", "start": at}
    asked = asks.Schedule(**said | changes)
    return scheduling.schedule(matter, session_id(len(matter.sessions) + 1), asked, by(at)).state


def started(matter: Matter | None = None, at: datetime = MONDAY) -> Matter:
    """A matter whose parties sit together."""
    matter = scheduled(matter, at)
    assert matter.sitting
    return sessions.start(matter, matter.sitting.session_id, asks.Start(rights_notice=True), by(at)).state


def came(
    *, wang: bool = True, li: bool = True, notices: int = 0, at: datetime = MONDAY
) -> tuple[Presence, ...]:
    """Who came; whoever did not was invited so many times before the sitting."""
    invitations = tuple(Notice(at=at - (n + 1) * DAY, how="phone") for n in range(notices))
    return (
        Presence(party_ref=WANG, present=wang, notices=() if wang else invitations),
        Presence(party_ref=LI, present=li, notices=() if li else invitations),
    )


def ending(outcome: Any, **changes: Any) -> asks.Hold:
    """How a sitting ended, both sides being there, with minutes."""
    said: dict[str, Any] = {
        "outcome": outcome, "attendance": came(), "means": ("law",), "offers": OFFERS, "minutes": MINUTES,
    }  # fmt: skip
    return asks.Hold(**said | changes)


def ended(
    outcome: Any,
    matter: Matter | None = None,
    at: datetime = MONDAY,
    *,
    lasts: timedelta = HOUR,
    **changes: Any,
) -> Decision[Matter]:
    """A sitting that began at an instant and ended so."""
    matter = started(matter, at)
    assert matter.sitting
    return sessions.hold(matter, matter.sitting.session_id, ending(outcome, **changes), by(at + lasts))


def failed(matter: Matter | None = None, at: datetime = MONDAY, **changes: Any) -> Matter:
    """A matter after a sitting without agreement."""
    return ended("failed", matter, at, **changes).state


def agreed(at: datetime = MONDAY, **changes: Any) -> Matter:
    """A matter whose parties agree, but nothing is signed."""
    return ended("agreed", opened(at, **changes), at).state


def promise(**changes: Any) -> asks.Promise:
    """Something to be done by the end of the month."""
    promised: dict[str, Any] = {
        "what": "把水沟通开", "debtor_ref": LI, "way": "act", "day": date(2026, 9, 30), "amount": 5_000,
    }  # fmt: skip
    return asks.Promise(**promised | changes)


def draft(**changes: Any) -> asks.Draft:
    """A written agreement with one item."""
    said: dict[str, Any] = {
        "form": "written", "facts": "两家为水沟争执", "responsibility": "双方各半", "promises": (promise(),),
    }  # fmt: skip
    return asks.Draft(**said | changes)


def drafted(at: datetime = MONDAY + HOUR, matter: Matter | None = None, **changes: Any) -> Matter:
    """A matter with a text to sign."""
    return agreeing.draft(matter or agreed(), draft(**changes), by(at)).state


def signature(signer: str, role: str = "party", at: datetime = MONDAY + HOUR, **changes: Any) -> Signature:
    """A signature in ink."""
    said: dict[str, Any] = {"signer": signer, "role": role, "how": "ink", "signed_at": at, "scan_hash": HASH}
    return Signature(**said | changes)


def everybody(at: datetime = MONDAY + HOUR) -> tuple[Signature, ...]:
    """All signatures that are needed."""
    return (
        signature(WANG, at=at),
        signature(LI, at=at),
        signature(MEDIATOR, "mediator", at),
        signature(COMMITTEE, "organisation", at, how="seal"),
    )


def signed(at: datetime = MONDAY + HOUR) -> Decision[Matter]:
    """An agreement in force."""
    return agreeing.sign(drafted(), asks.Sign(signatures=everybody(at)), by(at))


def in_force() -> Matter:
    """A matter that ended with an agreement."""
    return signed().state


def told(decision: Decision[Any] | None) -> list[str]:
    """The names of what was told."""
    return [event.TYPE for event in decision.events] if decision else []


def fact(decision: Decision[Any], name: str) -> Any:
    """The one event of this name."""
    found = [event for event in decision.events if name == event.TYPE]
    assert len(found) == 1, told(decision)
    return found[0]


def last(matter: Matter) -> Session:
    """The last sitting."""
    assert matter.sitting
    return matter.sitting


def with_attempt(**changes: Any) -> Profile:
    """The county with other rules about attempts."""
    return replace(county(), attempt=replace(county().attempt, **changes))
