"""What a channel asks for beside what every matter needs; what cannot be had is said, never refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from services.intake.model.channel import ASKS, ChannelRule
from services.intake.model.form import Form

Fault = tuple[str, str]
MASS = 5  # from so many on, those who come choose representatives (信访工作条例第二十条)


def _has_phone(form: Form) -> bool:
    return any(party.phone for party in form.parties if party.role == "applicant")


def _has_contact(form: Form) -> bool:
    return any(party.phone or party.address for party in form.parties if party.role == "applicant")


def _has_respondent(form: Form) -> bool:
    return any(party.role == "respondent" for party in form.parties)


_GIVEN: Mapping[str, Callable[[Form], bool]] = {
    "applicant.phone": _has_phone,
    "applicant.contact": _has_contact,
    "respondent": _has_respondent,
    "category": lambda form: form.category is not None,
    "requests": lambda form: bool(form.requests),
    "external_ref": lambda form: bool(form.external_ref),
    "received_at": lambda form: form.received_given,
    "grid_id": lambda form: bool(form.grid_id or form.finding_id),
    "persons_involved": lambda form: form.persons_involved is not None,
}
_WHERE = {
    "applicant.phone": "parties.0.phone",
    "applicant.contact": "parties.0.phone",
    "respondent": "parties",
}
_SAID = {"applicant.contact": "applicant.phone"}  # under which name it is noted as not given


def missing(form: Form, rule: ChannelRule | None) -> Iterator[Fault]:
    """What the channel asks for that is neither given nor said not to be given."""
    for name in rule.asks if rule else ():
        if not _GIVEN[name](form) and not {name, _SAID.get(name, name)} & set(form.not_given):
            yield _WHERE.get(name, name), ASKS[name]


def representatives(form: Form) -> Iterator[Fault]:
    """Many who come together name up to five who speak for them (P-4)."""
    spoken = sum(party.role == "representative" for party in form.parties)
    many = form.channel == "visit" and (form.persons_involved or 0) >= MASS
    if many and not spoken and "representatives" not in form.not_given:
        yield "parties", f"{MASS}人以上来访，请登记推选的代表（不超过{MASS}人）"
