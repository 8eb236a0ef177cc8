"""A registration as it is typed into a page: the fields of the form as the body that programs send too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from marshmallow import ValidationError

from services.intake.model.form import Form
from services.intake.schemas import NewRegistration
from shared.clock import CHINA
from shared.errors import Refused
from shared.web.words import in_chinese

PLAIN = (
    "channel", "region", "matter_type", "category", "summary", "title", "place", "external_ref", "window",
    "grid_id", "persons_involved", "answer",
)  # fmt: skip
TIMES = ("received_at", "discovered_at")
NAMES = {
    "summary": "情况说明", "parties": "当事人", "parties.0.name": "姓名", "parties.0.phone": "电话",
    "parties.0.id_no": "证件号码", "parties.1.name": "对方", "region": "事发地", "category": "类别",
    "external_ref": "来件编号", "received_at": "收到时间", "discovered_at": "发现时间",
    "persons_involved": "人数", "grid_id": "网格", "reports": "报告", "answer": "当场答复",
    "requests": "诉求", "matter_type": "事项类型", "channel": "渠道",
}  # fmt: skip


def body(given: Mapping[str, str]) -> dict[str, Any]:
    """What was typed, as a registration's body; an empty field is not given."""
    found: dict[str, Any] = {name: text for name in PLAIN if (text := given.get(name, "").strip())}
    found |= {name: _instant(text) for name in TIMES if (text := given.get(name, "").strip())}
    found["parties"] = list(_parties(given))
    found["requests"] = [line.strip() for line in given.get("requests", "").splitlines() if line.strip()]
    found["not_given"] = [name for name in given.get("not_given", "").split(",") if name]
    found["assisted"] = bool(given.get("assisted"))
    found["harm"] = [name for name in ("minor_harm", "dv") if given.get(name)]
    found["emergency"] = bool(given.get("emergency"))
    found["reports"] = list(_reports(given, found))
    return found


def _instant(typed: str) -> str:
    """A time as a browser's field gives it, in the county's own zone; anything else as it is."""
    try:
        at = datetime.fromisoformat(typed)
    except ValueError:
        return typed
    return (at if at.tzinfo else at.replace(tzinfo=CHINA)).isoformat()


def _parties(given: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    applicant = {
        name: given.get(f"applicant_{name}", "").strip() for name in ("name", "phone", "id_no", "address")
    }
    language, needs = given.get("language", "").strip(), given.get("access_needs", "").strip()
    yield {"role": "applicant", **applicant, "language": language, "access_needs": [needs] if needs else []}
    if other := given.get("respondent_name", "").strip():
        yield {"role": "respondent", "name": other}
    for name in given.get("representatives", "").splitlines():
        if name.strip():
            yield {"role": "representative", "name": name.strip()}


def _reports(given: Mapping[str, str], found: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    authority, at = given.get("report_authority", ""), given.get("report_at", "")
    duties = [*(["emergency"] if found["emergency"] else []), *found["harm"]]
    if authority:
        for duty in duties:
            more = {"reference": given.get("report_reference", "").strip()}
            yield {"of": duty, "authority": authority, "at": _instant(at)} | more


def form(given: Mapping[str, Any]) -> Form:
    """The form of a body. Raises Refused with every wrong field and its sentence."""
    try:
        found: Form = NewRegistration().load(dict(given))
    except ValidationError as wrong:
        fields = dict(_flat(wrong.messages))
        raise Refused("填写的内容有误，请按提示修改", code="invalid_fields", fields=fields) from wrong
    return found


def _flat(messages: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, list[str]]]:
    if isinstance(messages, dict):
        for key, inner in messages.items():
            yield from _flat(inner, (*path, str(key)))
    else:
        sentences = messages if isinstance(messages, list) else [messages]
        yield ".".join(path), [in_chinese(str(sentence)) for sentence in sentences]


def named(fields: Mapping[str, list[str]]) -> list[tuple[str, str]]:
    """Each fault with the word that stands beside its field."""
    return [(NAMES.get(path, path), "；".join(said)) for path, said in fields.items()]
