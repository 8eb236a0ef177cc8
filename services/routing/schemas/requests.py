"""What is sent to routing. Reasons are codes; no words come here."""

from __future__ import annotations

from typing import Any, get_args

from marshmallow import Schema, fields, post_load, validate

from services.routing.model import PUBLIC_FLAGS, SAFETY_FLAGS, Stage, State
from services.routing.model import commands as asks
from shared.contracts import fields as kinds
from shared.contracts.fields import Whole

APART = ("not_same_matter", "asked_by_resident", "other")
CODE = Whole(r"^[a-z][a-z0-9_.]{0,47}$", error="须是代码，不写文字")
UNIT = Whole(r"^[a-z][a-z0-9_]{1,31}$", error="单位代码有误")
REGION = Whole(r"^[0-9]{6}([0-9]{3}([0-9]{3}([0-9]{3}([0-9]{2})?)?)?)?$", error="地区码有误")
REF = Whole(r"^[0-9a-z][0-9a-z_.-]{0,63}$", error="须是账号或岗位的编号")


def _one_of(kind: Any) -> validate.OneOf:
    return validate.OneOf(get_args(kind), error="不在可选范围内")


def code(*, required: bool = True, **more: Any) -> fields.String:
    """A reason or another code."""
    return fields.String(required=required, validate=CODE, **more)


def units(**more: Any) -> fields.List[Any]:
    """Several units."""
    return fields.List(fields.String(validate=UNIT), validate=validate.Length(max=20), **more)


class Body(Schema):
    """A body that becomes a command."""

    makes: type[Any] = asks.Nothing

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Any:
        """The command."""
        return self.makes(**{name: _frozen(value) for name, value in data.items()})


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


class NothingRequest(Body):
    """An empty body, or none."""


class MergeRequest(Body):
    """并案。"""

    makes = asks.Merge
    into_case_id = fields.UUID(required=True)
    confirmed = fields.Boolean(required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> asks.Merge:
        """The command, with the id as text."""
        return asks.Merge(into_case_id=str(data["into_case_id"]), confirmed=data["confirmed"])


class UnmergeRequest(Body):
    """撤销并案。"""

    makes = asks.Unmerge
    confirmed = fields.Boolean(required=True)
    reason = fields.String(
        load_default="not_same_matter",
        validate=validate.OneOf(APART, error="不在可选范围内"),
        metadata={"description": "不是同一件事、当事人要求、其他"},
    )


class NotAcceptRequest(Body):
    """不予受理。"""

    makes = asks.NotAccept
    reason = code()
    notice = fields.Boolean(required=True, metadata={"description": "已书面告知理由和去向"})


class TriageRequest(Body):
    """分类。"""

    makes = asks.Triage
    matter_type = fields.String(required=True, validate=_one_of(kinds.MatterType))
    category = code()
    complexity = fields.String(required=True, validate=_one_of(kinds.Complexity))
    willingness = fields.String(required=True, validate=_one_of(kinds.Willingness))
    flags = fields.List(
        fields.String(validate=validate.OneOf((*PUBLIC_FLAGS, *SAFETY_FLAGS))), load_default=()
    )
    tier = fields.String(load_default=None, allow_none=True, validate=_one_of(kinds.Tier))
    protected = fields.Boolean(load_default=None, allow_none=True)
    complained_units = units(load_default=())
    harm_reported = fields.Boolean(load_default=False)
    suggestion_used = fields.Boolean(load_default=False)


class AssignRequest(Body):
    """交办；不写牵头单位时按事权清单。"""

    makes = asks.Assign
    lead_unit = fields.String(load_default="", validate=Whole(r"^([a-z][a-z0-9_]{1,31})?$"))
    co_units = units(load_default=None, allow_none=True)
    reason = code(required=False, load_default="competence_table")


class TransferRequest(Body):
    """转办。"""

    makes = asks.Transfer
    to_unit = fields.String(required=True, validate=UNIT)
    reason = code()
    co_units = units(load_default=())


class ReturnRequest(Schema):
    """退回：单位申请，调度员同意或不同意。"""

    reason = fields.String(load_default="", validate=Whole(r"^([a-z][a-z0-9_.]{0,47})?$"))
    agreed = fields.Boolean(load_default=True, metadata={"description": "调度员是否同意；单位申请时不用填"})


class EscalateRequest(Body):
    """上报。"""

    makes = asks.Escalate
    trigger = fields.String(required=True, validate=_one_of(kinds.Trigger))
    material_complete = fields.Boolean(required=True)
    approved_by = fields.String(load_default="", validate=Whole(r"^([0-9a-z][0-9a-z_.-]{0,63})?$"))


class ReasonedRequest(Body):
    """只需写明理由的一步。"""

    makes = asks.Reasoned
    reason = code()


class WhistleRequest(Body):
    """吹哨。"""

    makes = asks.Blow
    reasons = fields.List(fields.String(validate=CODE), required=True, validate=validate.Length(min=1, max=8))
    units = units(required=True)


class SuspendRequest(Body):
    """中止。"""

    makes = asks.Suspend
    reason = fields.String(required=True, validate=_one_of(kinds.PauseReason))
    until = fields.AwareDateTime(required=True)
    approved_by = fields.String(required=True, validate=REF)
    document = fields.Boolean(required=True)


class ResolveRequest(Body):
    """办理完毕。"""

    makes = asks.Resolve
    outcome = fields.String(required=True, validate=_one_of(kinds.Outcome))
    requests_answered = fields.Boolean(required=True)
    routes_notice = fields.Boolean(load_default=False)


class CallBackRequest(Body):
    """回访。"""

    makes = asks.Call
    reached = fields.Boolean(required=True)
    performed = fields.Boolean(load_default=None, allow_none=True)
    satisfied = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(1, 5))
    places_visited = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(0, 50))
    remaining_hardship = fields.Boolean(load_default=None, allow_none=True)


class ReferOutRequest(Body):
    """引导外部途径。"""

    makes = asks.ReferOut
    route = code()
    material = fields.Boolean(required=True)
    receipt = fields.Boolean(required=True)


class WithdrawRequest(Body):
    """撤回。"""

    makes = asks.Withdraw
    reason = code()
    statement = fields.Boolean(required=True)


class RelapseRequest(Body):
    """反复。"""

    makes = asks.Relapse
    confirmed = fields.Boolean(required=True)


class CaseQuery(Schema):
    """Which cases to list."""

    region = fields.String(load_default="", validate=Whole(r"^[0-9]{0,17}$"))
    unit = fields.String(load_default="", validate=Whole(r"^[a-z0-9_]{0,32}$"))
    state = fields.List(fields.String(validate=validate.OneOf([s.value for s in State])), load_default=())
    tier = fields.String(load_default="", validate=validate.OneOf(("", *get_args(kinds.Tier))))
    category = fields.String(load_default="", validate=Whole(r"^[a-z0-9_.]{0,48}$"))
    case_no = fields.String(load_default="", validate=Whole(r"^[0-9-]{0,24}$"))
    late = fields.Boolean(load_default=False, metadata={"description": "只看有时钟超期的"})
    order = fields.String(load_default="registered", validate=validate.OneOf(("due", "registered")))
    after = fields.String(load_default="", validate=validate.Length(max=120))
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 200))


class DeliveryQuery(Schema):
    """Which hand-overs to list; without a stage, those still owed."""

    region = fields.String(load_default="", validate=Whole(r"^[0-9]{0,17}$"))
    department = fields.String(load_default="", validate=Whole(r"^[a-z0-9_]{0,32}$"))
    stage = fields.List(fields.String(validate=validate.OneOf([s.value for s in Stage])), load_default=())
    case_id = fields.String(load_default="", validate=validate.Length(max=36))
    after = fields.String(load_default="", validate=validate.Length(max=120))
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 200))
