"""What a registration must say, and what cannot be true; every fault with its field and a sentence.

Nothing is asked that a resident need not give (IN-14): only what happened, where, and who speaks. Online
forms ask for the rest of the minimum; whatever else is missing is noted as not given, never refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from services.intake.model.form import Form, PartyForm
from services.intake.rules import asking, numbers
from services.intake.rules.policy import Policy
from shared.calendar import day_of
from shared.errors import Refused

Fault = tuple[str, str]

SKEW = timedelta(minutes=2)  # another clock than ours may be that far ahead (DOMAIN 3.10)
MOST_REPRESENTATIVES = 5  # 信访工作条例第二十条：代表不得超过五人


def clean(form: Form, now: datetime) -> Form:
    """The form without the accidents of typing: spaces at the ends, ways of writing a number."""
    return replace(
        form,
        summary=form.summary.strip() or form.title.strip(),
        title=" ".join(form.title.split()),
        requests=tuple(text.strip() for text in form.requests if text.strip()),
        place=form.place.strip(),
        external_ref=form.external_ref.strip(),
        received_given=form.received_given or form.received_at is not None,
        received_at=min((form.received_at or now).astimezone(UTC), now + SKEW),
        discovered_at=_in_utc(form.discovered_at),
        answered_at=_in_utc(form.answered_at),
        parties=tuple(_clean_party(party, now) for party in form.parties),
    )


def _in_utc(at: datetime | None) -> datetime | None:
    return at.astimezone(UTC) if at else None


def _clean_party(party: PartyForm, now: datetime) -> PartyForm:
    return replace(
        party,
        name=party.name.strip(),
        address=party.address.strip(),
        phone=numbers.phone(party.phone) or party.phone.strip(),
        id_no=numbers.id_number(party.id_no, day_of(now)) or party.id_no.strip(),
    )


def check(form: Form, policy: Policy, now: datetime) -> None:
    """Raises Refused with every fault of a cleaned form at once."""
    found: dict[str, list[str]] = {}
    for path, sentence in faults(form, policy, now):
        found.setdefault(path, []).append(sentence)
    if found:
        raise Refused("填写的内容有误，请按提示修改", code="invalid_fields", fields=found)


def faults(form: Form, policy: Policy, now: datetime) -> Iterator[Fault]:
    """Every fault of a cleaned form."""
    yield from _missing(form, policy)
    yield from _unknown(form, policy)
    yield from _impossible_times(form, now)
    yield from _numbers(form, now)
    yield from _endings(form, policy)


def _missing(form: Form, policy: Policy) -> Iterator[Fault]:
    if not form.summary:
        yield "summary", "请写明发生了什么事"
    if "applicant.name" not in form.not_given:
        yield from _nameless(form)
    yield from asking.missing(form, policy.channels.get(form.channel))
    yield from asking.representatives(form)


def _nameless(form: Form) -> Iterator[Fault]:
    applicants = [(n, party) for n, party in enumerate(form.parties) if party.role == "applicant"]
    if not applicants:
        yield "parties", "请填写申请人；来信没有署名等情形，在 not_given 里注明 applicant.name"
    elif not any(party.name for _, party in applicants):
        where = f"parties.{applicants[0][0]}.name"
        yield where, "请填写申请人姓名；不愿提供的，在 not_given 里注明 applicant.name"


def _unknown(form: Form, policy: Policy) -> Iterator[Fault]:
    if form.category is not None and form.category not in policy.categories:
        yield "category", f"没有这个类别。可用的类别：{_listed(policy.categories)}"
    if form.source_domain is not None and form.source_domain not in policy.source_domains:
        yield "source_domain", f"没有这个代码。可用的有：{_listed(policy.source_domains)}"
    if not form.region.startswith(policy.county6):
        yield "region", f"不是本县的地区码（应以 {policy.county6} 开头）"
    if form.grid_id and not form.grid_id.startswith(form.region[:12]):
        yield "grid_id", "网格不在所填地区之内"
    for n, unit in enumerate(form.units_involved):
        if policy.units and unit not in policy.units:
            yield f"units_involved.{n}", "没有这个单位"


def _impossible_times(form: Form, now: datetime) -> Iterator[Fault]:
    if form.discovered_at is not None and form.discovered_at > now + SKEW:
        yield "discovered_at", "发现时间不能晚于登记时间"
    elif form.discovered_at and form.received_at and form.discovered_at > form.received_at + SKEW:
        yield "discovered_at", "发现时间不能晚于收到时间"
    if form.received_at is not None and form.received_at >= now + SKEW:
        yield "received_at", "收到时间不能晚于现在"
    if form.answered_at is not None and form.answered_at > now + SKEW:
        yield "answered_at", "答复时间不能晚于现在"


def _numbers(form: Form, now: datetime) -> Iterator[Fault]:
    today = day_of(now)
    for n, party in enumerate(form.parties):
        if party.phone and numbers.phone(party.phone) is None:
            lettered = any(sign.isascii() and sign.isalpha() for sign in party.phone)
            yield f"parties.{n}.phone", "电话号码里不能有字母" if lettered else "不是有效的电话号码"
        if party.id_no and party.kind == "natural" and numbers.id_number(party.id_no, today) is None:
            yield f"parties.{n}.id_no", "身份证号码不对，请核对每一位（出生日期和末位校验码）"
    if sum(party.role == "representative" for party in form.parties) > MOST_REPRESENTATIVES:
        yield "parties", f"代表不超过 {MOST_REPRESENTATIVES} 人"


def _endings(form: Form, policy: Policy) -> Iterator[Fault]:
    if form.answer is not None and not form.answer.strip():
        yield "answer", "当场办结的，请写明怎样答复的"
    if form.answer is not None and form.not_accepted is not None:
        yield "not_accepted", "不能既当场答复又不予受理"
    if form.not_accepted and policy.refusals and form.not_accepted.reason not in policy.refusals:
        yield "not_accepted.reason", f"没有这个理由。可用的理由：{_listed(policy.refusals)}"


def _listed(codes: Mapping[str, str]) -> str:
    return "、".join(f"{code} {name}" for code, name in codes.items())


def not_given(form: Form) -> tuple[str, ...]:
    """The fields that were asked for and stayed empty."""
    applicants = [party for party in form.parties if party.role == "applicant"]
    given = {
        "applicant.name": any(party.name for party in applicants),
        "applicant.phone": any(party.phone for party in applicants),
        "applicant.id_no": any(party.id_no for party in applicants),
        "applicant.address": any(party.address for party in applicants),
        "respondent": any(party.role == "respondent" for party in form.parties),
        "category": form.category is not None,
        "requests": bool(form.requests),
        "place": bool(form.place),
        "discovered_at": form.discovered_at is not None,
        "persons_involved": form.persons_involved is not None,
    }
    return tuple(name for name, there in given.items() if not there)
