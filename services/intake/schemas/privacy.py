"""What is sent and answered about people's rights over their data, and about lists that are taken out."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from services.intake.model.privacy import BASES, KINDS, REFUSALS
from services.intake.rules.privacy import AskPrivacy, Verdict
from services.intake.schemas.given import LookSchema
from services.intake.schemas.taken import CODE, NO_CONTROL, REGION, Lenient
from shared.clock import CHINA
from shared.contracts.fields import Whole
from shared.web.documentation import Answer

CODE_OR_NONE = Whole(r"^([a-z][a-z0-9_.]{0,47})?$", error="应为小写字母开头的代码")


def _one_of(codes: dict[str, str]) -> validate.OneOf:
    listed = "、".join(f"{code} {word}" for code, word in codes.items())
    return validate.OneOf(list(codes), error=f"没有这个代码。可用的有：{listed}")


def _text(most: int, **more: Any) -> fields.String:
    return fields.String(validate=[validate.Length(max=most, error=f"不超过{most}字"), NO_CONTROL], **more)


class AskBody(Lenient):
    """What somebody asks about the own data."""

    kind = fields.String(required=True, validate=_one_of(KINDS))
    field = _text(20, load_default="")
    value = _text(200, load_default="")
    words = _text(2_000, load_default="")

    def asked(self, data: dict[str, Any]) -> AskPrivacy:
        """The ask as a value."""
        return AskPrivacy(**{name: data.pop(name) for name in ("kind", "field", "value", "words")})

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """The ask beside who it is."""
        return {"ask": self.asked(data)} | data


class OnlineAskBody(AskBody):
    """The same by the resident, with the proof."""

    query_code = _text(40, required=True)
    phone_tail = _text(10, required=True)


class WindowAskBody(AskBody):
    """The same at the window, for somebody whose papers the clerk has seen."""

    reg_id = fields.UUID(required=True)
    party_ref = fields.UUID(required=True)


class CollectBody(Lenient):
    """The proof with which a copy is taken."""

    query_code = _text(40, required=True)
    phone_tail = _text(10, required=True)


class VerdictBody(Lenient):
    """What is decided; a refusal says why, and on what basis."""

    decision = fields.String(required=True, validate=_one_of({"grant": "同意", "refuse": "不同意"}))
    refusal = _text(40, load_default="", metadata={"description": "、".join(REFUSALS)})
    basis = _text(40, load_default="", metadata={"description": "、".join(BASES)})

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Verdict:
        """The verdict as a value."""
        return Verdict(grant=data["decision"] == "grant", refusal=data["refusal"], basis=data["basis"])


class RequestQuery(Lenient):
    """Which requests."""

    state = fields.String(
        load_default="received", validate=validate.OneOf(["received", "granted", "refused"])
    )


class RequestAnswer(Answer):
    """A request: codes and times; its words stay sealed."""

    request_id = fields.String(required=True)
    case_id = fields.String(required=True)
    case_no = fields.String(required=True)
    kind = fields.String(required=True)
    field = fields.String()
    via = fields.String(required=True)
    state = fields.String(required=True)
    asked_at = fields.DateTime(required=True)
    due_at = fields.DateTime(required=True)
    late = fields.Boolean(required=True)
    refusal = fields.String()
    refusal_words = fields.String()
    basis = fields.String()
    basis_words = fields.String()
    decided_at = fields.DateTime(allow_none=True)


class RequestWords(RequestAnswer):
    """The same for who decides, with what the person said and the new value."""

    value = fields.String()
    words = fields.String()
    party_ref = fields.String(required=True)


class RequestList(Schema):
    """Requests, the earliest due first."""

    items = fields.List(fields.Nested(RequestAnswer), required=True)
    next = fields.String(allow_none=True)


class CopyAnswer(Schema):
    """The person's own data in words, and who looked at them."""

    request_id = fields.String(required=True)
    case_no = fields.String(required=True)
    values = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    texts = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    requests = fields.List(fields.String(), required=True)
    looks = fields.List(fields.Nested(LookSchema), required=True)


class ExportBody(Lenient):
    """Which list, with or without the parties' own data, what for."""

    region = fields.String(required=True, validate=REGION)
    from_at = fields.AwareDateTime(required=True, default_timezone=CHINA, data_key="from")
    until_at = fields.AwareDateTime(required=True, default_timezone=CHINA, data_key="until")
    category = fields.String(load_default="", validate=validate.Length(max=48))
    personal = fields.Boolean(load_default=False)
    purpose = fields.String(required=True, validate=CODE)


class ExportVerdict(Lenient):
    """Whether another person allows it."""

    granted = fields.Boolean(required=True)
    reason = fields.String(load_default="", validate=CODE_OR_NONE)


class ExportAnswer(Answer):
    """A list that is asked for."""

    export_id = fields.String(required=True)
    region = fields.String(required=True)
    from_at = fields.DateTime(required=True, data_key="from")
    until_at = fields.DateTime(required=True, data_key="until")
    category = fields.String()
    personal = fields.Boolean(required=True)
    purpose = fields.String(required=True)
    state = fields.String(required=True)
    asked_by = fields.String(required=True)
    asked_at = fields.DateTime(required=True)
    decided_by = fields.String()
    decided_at = fields.DateTime(allow_none=True)
    taken = fields.Integer(required=True)
    rows = fields.Integer(required=True)
