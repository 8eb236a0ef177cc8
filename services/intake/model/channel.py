"""What each channel asks for, how its receipt reaches people, and who receives first: data, not code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Receipt = Literal["printed", "electronic", "message", "letter", "reply"]
Receiver = Literal["person", "rota"]

RECEIPTS = {
    "printed": "当场打印",
    "electronic": "网上显示",
    "message": "短信告知",
    "letter": "书面回函",
    "reply": "回复来件单位",
}


@dataclass(frozen=True, kw_only=True)
class ChannelRule:
    """One channel. What is asked for and cannot be had is noted as not given, with a reason to see."""

    code: str
    title: str
    asks: tuple[str, ...] = ()  # beside what happened and who speaks, which every channel asks for
    receipt: Receipt = "printed"
    receiver: Receiver = "person"
    reception: bool = False  # a visit: it is closed only with a record of what was said and answered
    basis: str = ""


ASKS = {
    "applicant.phone": "请留联系电话",
    "applicant.contact": "请留一个联系方式",
    "respondent": "请写明对方是谁，不知道姓名的可以描述",
    "category": "请选择类别",
    "requests": "请写明诉求",
    "external_ref": "请填来件的编号或文号",
    "received_at": "请填收到的时间",
    "grid_id": "请填发现的网格",
    "persons_involved": "请填来了多少人",
}
"""What a channel can ask for, and the sentence that asks."""
