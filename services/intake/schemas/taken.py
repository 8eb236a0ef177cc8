"""The bodies that intake takes. What is not named here is not kept (IN-14)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from marshmallow import EXCLUDE, Schema, fields, post_load, pre_load, validate

from services.intake.model import desk, words
from services.intake.model.form import Form, PartyForm, Refusal
from services.intake.rules.revealing import Ask
from shared.clock import CHINA
from shared.contracts.fields import Whole

MOST_PARTIES = 50
DUTIES = {"emergency": "紧急情况"} | desk.HARMS
MOST_REQUESTS = 20


REGION = Whole(
    r"^[0-9]{6}([0-9]{3}([0-9]{3}([0-9]{3}([0-9]{2})?)?)?)?$", error="地区码应为6、9、12、15或17位数字"
)
CODE = Whole(r"^[a-z][a-z0-9_.]{0,47}$", error="应为小写字母开头的代码")
UNIT = Whole(r"^[a-z][a-z0-9_]{1,31}$", error="应为单位代码")
REFERENCE = Whole(
    r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$|^[a-z][a-z0-9_.]{0,47}$", error="应为账号或岗位代码"
)
_CREDIBLE = validate.Range(
    min=datetime(1900, 1, 1, tzinfo=UTC), max=datetime(2200, 1, 1, tzinfo=UTC), error="年份不对"
)
NO_CONTROL = Whole(r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]*$", error="含有不能识别的字符")


def one_of(codes: dict[str, str]) -> validate.OneOf:
    listed = "、".join(f"{code} {word}" for code, word in codes.items())
    return validate.OneOf(list(codes), error=f"没有这个代码。可用的有：{listed}")


def _text(most: int, **more: Any) -> fields.String:
    too_long = validate.Length(max=most, error=f"不超过{most}字")
    return fields.String(validate=[too_long, NO_CONTROL], **more)


def _instant(**more: Any) -> fields.AwareDateTime:
    return fields.AwareDateTime(default_timezone=CHINA, validate=_CREDIBLE, **more)


def _told(description: str) -> dict[str, Any]:
    return {"metadata": {"description": description}}


class Lenient(Schema):
    """Leaves out what it does not know, and takes an empty optional field as not given."""

    class Meta:
        unknown = EXCLUDE

    @pre_load
    def without_empty(self, data: Any, **_: Any) -> Any:
        """Null means not given; so does an empty code."""
        if not isinstance(data, dict):
            return data
        return {name: value for name, value in data.items() if not self._empty(name, value)}

    def _empty(self, name: str, value: Any) -> bool:
        return value is None or (value == "" and name not in ("answer",))


class PartySchema(Lenient):
    """One party."""

    role = fields.String(load_default="applicant", validate=one_of(words.PARTY_ROLES))
    kind = fields.String(load_default="natural", validate=one_of({"natural": "个人", "legal": "单位"}))
    name = _text(100, **_told("Name; of the other side a description will do."))
    phone = _text(40)
    id_no = _text(40)
    address = _text(200)
    language = _text(20)
    access_needs = fields.List(fields.String(validate=CODE), validate=validate.Length(max=10))
    minor_u14 = fields.Boolean(**_told("A child under fourteen: the matter becomes protected."))
    away = fields.Boolean()

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> PartyForm:
        """The party as a value."""
        return PartyForm(**_tuples(data))


class RefusalSchema(Lenient):
    """Why the law leaves the matter to another road, and to which (IN-04)."""

    reason = fields.String(required=True, validate=CODE)
    route = fields.String(required=True, validate=CODE)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Refusal:
        """The refusal as a value."""
        return Refusal(**data)


class ReportSchema(Lenient):
    """A report that was made to an authority at once, before registering."""

    of = fields.String(required=True, validate=one_of(DUTIES))
    authority = fields.String(required=True, validate=one_of(desk.AUTHORITIES))
    at = _instant(required=True)
    reference = _text(40, **_told("The number that the authority gave."))

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> desk.Report:
        """The report as a value."""
        return desk.Report(**data | {"at": data["at"].astimezone(UTC)})


class NewRegistration(Lenient):
    """A registration by any channel. Only channel, region, the matter and who speaks must be there."""

    channel = fields.String(required=True, validate=one_of(words.CHANNELS))
    region = fields.String(required=True, validate=REGION, **_told("Where it happened: 6 to 17 digits."))
    summary = _text(
        200_000, **_told("What happened; beyond 2000 characters the whole is kept as an attachment.")
    )
    title = _text(2_000)
    requests = fields.List(_text(20_000), validate=validate.Length(max=MOST_REQUESTS))
    parties = fields.List(fields.Nested(PartySchema), validate=validate.Length(max=MOST_PARTIES))
    external_ref = _text(64, **_told("The other system's number; unique within its channel."))
    source_domain = fields.String(validate=CODE, **_told("A code of the county's list."))
    matter_type = fields.String(load_default="unclassified", validate=one_of(words.MATTER_TYPES))
    category = _text(48)
    grid_id = fields.String(validate=REGION)
    place = _text(300)
    place_kind = fields.String(validate=one_of(words.PLACE_KINDS))
    discovered_at = _instant()
    received_at = _instant()
    persons_involved = fields.Integer(validate=validate.Range(min=1, max=1_000_000))
    units_involved = fields.List(fields.String(validate=UNIT), validate=validate.Length(max=20))
    flags = fields.List(
        fields.String(validate=one_of(words.FLAGS)), validate=validate.Length(max=len(words.FLAGS))
    )
    emergency = fields.Boolean()
    resident_waiting = fields.Boolean(**_told("The resident waits in the hall to be met."))
    confidentiality = fields.String(validate=one_of(words.CONFIDENTIALITY))
    window = _text(20)
    zone = fields.String(validate=one_of(words.ZONES))
    duty_leader = fields.String(validate=REFERENCE)
    first_receiver = fields.String(validate=REFERENCE)
    not_given = fields.List(fields.String(validate=CODE), validate=validate.Length(max=20))
    answer = _text(20_000, **_told("Settled on the spot with this answer (IN-24)."))
    not_accepted = fields.Nested(RefusalSchema)
    linkage_stage = fields.String(
        validate=one_of(words.LINKAGE_STAGES), **_told("Of a matter that the court referred.")
    )
    harm = fields.List(
        fields.String(validate=one_of(desk.HARMS)),
        validate=validate.Length(max=len(desk.HARMS)),
        **_told("What the law makes report at once; `reports` says that it was."),
    )
    reports = fields.List(fields.Nested(ReportSchema), validate=validate.Length(max=6))
    assisted = fields.Boolean(**_told("Somebody helped to fill the form in."))

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Form:
        """The form as a value."""
        return Form(**_tuples(data))


class BroughtRegistration(NewRegistration):
    """A registration out of a file: what was answered in the other system says when."""

    answered_at = _instant()


def _tuples(data: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in data.items()}


class RegisterQuery(Lenient):
    """What to do about an earlier matter that looks the same."""

    on_duplicate = fields.String(
        load_default="flag",
        validate=validate.OneOf(["flag", "ask"]),
        **_told("flag: register and say so; ask: 409 with the earlier numbers, so that the clerk decides."),
    )


class ListQuery(Lenient):
    """Which registrations."""

    case_id = fields.String()
    case_no = fields.String()
    import_id = fields.String()
    after = fields.String(**_told("`next` of the page before."))
    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=200))


class RevealBody(Lenient):
    """A request to see sealed fields of a party."""

    party_ref = fields.UUID(required=True)
    case_id = fields.UUID(required=True)
    fields_ = fields.List(fields.String(), required=True, data_key="fields")
    purpose = _text(40, required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Ask:
        """The ask as a value."""
        return Ask(
            party_id=str(data["party_ref"]),
            case_id=str(data["case_id"]),
            fields=tuple(dict.fromkeys(data["fields_"])),
            purpose=data["purpose"],
        )


class QueryBody(Lenient):
    """A resident's question."""

    query_code = _text(40, required=True)
    phone_tail = _text(10, load_default="")
