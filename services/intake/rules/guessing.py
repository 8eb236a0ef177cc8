"""A column mapping guessed from the names of the columns, for files that nobody has described yet."""

from __future__ import annotations

from collections.abc import Sequence

from services.intake.model.imports import Column, Mapping
from services.intake.model.words import CHANNELS, MATTER_TYPES
from shared.tables import name

NAMES: dict[str, str] = {
    "external_ref": "工单编号 工单号 留言编号 受理编号 登记编号 external_ref",
    "channel": "来源 来源渠道 渠道 受理渠道 channel",
    "matter_type": "事项类型 工单类型 事项性质 类型 matter_type",
    "category": "类别 分类 纠纷类型 纠纷类别 问题分类 category",
    "title": "标题 主题 留言主题 事项名称 title",
    "summary": "内容 诉求内容 留言详情 情况说明 事由 基本情况 纠纷简况 反映内容 summary",
    "requests": "诉求 期望 请求 期望结果 requests",
    "applicant.name": "姓名 申请人 来电人 反映人 来访人 信访人 当事人 留言用户 applicant",
    "applicant.phone": "电话 联系电话 手机 手机号 手机号码 来电号码 phone",
    "applicant.id_no": "身份证号 身份证号码 证件号 证件号码 公民身份号码 id_no",
    "applicant.address": "住址 地址 家庭住址 联系地址 address",
    "respondent.name": "对方 对方当事人 被申请人 被反映人 被反映对象 另一方 other_party",
    "place": "地点 事发地点 事发地址 发生地点 发生地 place",
    "region": "区划代码 行政区划代码 区划码 地区码 region",
    "received_at": "时间 来电时间 留言时间 受理时间 登记时间 来访时间 收件时间 日期 received_at",
    "discovered_at": "发现时间 发生时间 discovered_at",
    "persons_involved": "人数 涉及人数 persons_involved",
    "emergency": "紧急 是否紧急 emergency",
}
"""What columns are usually called; the first that a file has is taken.

A bare running number (序号, 编号) is no outside number: the next file begins with 1 again.
"""

_TYPES = {
    "纠纷": "dispute",
    "信访": "petition",
    "投诉": "complaint",
    "举报": "complaint",
    "*": "unclassified",
}


def guessed(header: Sequence[str]) -> Mapping:
    """The mapping that the names of the columns suggest; what no name suggests stays unread."""
    columns: dict[str, Column] = {}
    taken: set[str] = set()
    for target, names in NAMES.items():
        source = next((one for one in map(name, names.split()) if one in header and one not in taken), None)
        if source:
            taken.add(source)
            columns[target] = _column(target, source)
    if "channel" not in columns:
        columns["channel"] = Column(constant="platform")
    return Mapping(name="auto", title="按列名自动对照", columns=columns)


def _column(target: str, source: str) -> Column:
    if target == "channel":
        return Column(sources=(source,), values=_both(CHANNELS) | {"": "platform"})
    if target == "matter_type":
        return Column(sources=(source,), values=_both(MATTER_TYPES) | _TYPES | {"*": "unclassified"})
    return Column(sources=(source,), separator="；" if target == "requests" else "")


def _both(codes: dict[str, str]) -> dict[str, str]:
    """A word and its code both mean the code."""
    return {word: code for code, word in codes.items()} | {code: code for code in codes}
