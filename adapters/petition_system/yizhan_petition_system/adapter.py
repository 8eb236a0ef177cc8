"""The petition information system: registration there is a legal duty; it is entered once here and sent there."""

from yizhan_adapter import CodeTable, Reported, Returned
from yizhan_adapter.platforms import Platform, card_of

CODES = CodeTable(
    "petition_system",
    {
        "1": (Reported(), "登记成功"),
        "2": (Reported(), "信访件已登记，信息已更新"),
        "-1": (Returned("material_missing"), "登记要素不全"),
        "-2": (Returned("not_competent"), "属诉访分离事项，不予登记"),
        "-3": (Returned("wrong_region"), "问题属地不在本辖区"),
    },
)


class PetitionSystem(Platform):
    """信访信息系统：信访事项登记（条例第二十一条），回执留存。"""

    department = "petition_system"
    name = "信访信息系统"
    codes = CODES
    card = card_of(__package__)
