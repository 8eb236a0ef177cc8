"""What somebody asks about the own data: a copy, a correction, removal (个人信息保护法第四十四至五十条)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from shared.deadlines import Deadline

RequestKind = Literal["copy", "correct", "delete"]
RequestState = Literal["received", "granted", "refused"]
KINDS = {"copy": "查阅、复制", "correct": "更正、补充", "delete": "删除"}
REFUSALS = {
    "still_handled": "事项还在办理，办理需要这些内容",
    "kept_by_law": "法律、行政法规规定的保存期限未满",
    "not_the_person": "不能确认申请人就是本人或其近亲属",
    "not_wrong": "经核实，原内容没有错误",
    "duty_hindered": "告知将妨碍国家机关履行法定职责",
    "others_rights": "内容涉及他人的合法权益",
}
BASES = {
    "pipl.18": "个人信息保护法第十八条",
    "pipl.35": "个人信息保护法第三十五条",
    "pipl.45": "个人信息保护法第四十五条",
    "pipl.46": "个人信息保护法第四十六条",
    "pipl.47": "个人信息保护法第四十七条",
    "archives_law": "档案法",
    "other_law": "其他法律、行政法规",
}
DECIDERS = ("dpo", "director", "exec_deputy")


@dataclass(frozen=True, kw_only=True)
class PrivacyRequest:
    """One request about the data of one party of one matter."""

    request_id: str
    region: str
    protected: bool
    reg_id: str
    case_id: str
    case_no: str
    party_id: str
    kind: RequestKind
    via: Literal["online", "window"]
    asked_at: datetime
    clock: Deadline
    field: str = ""  # of a correction
    value: bytes | None = None
    words: bytes | None = None  # what the person said about it
    taken_by: str = ""  # the clerk at the window, who saw the person's papers
    state: RequestState = "received"
    decided_by: str = ""
    decided_at: datetime | None = None
    refusal: str = ""
    basis: str = ""
    collected_at: datetime | None = None

    @property
    def next_at(self) -> datetime | None:
        """When time itself changes it next."""
        ahead = [mark.at for mark in self.clock.marks if not mark.fired]
        return min(ahead) if ahead and self.state == "received" else None
