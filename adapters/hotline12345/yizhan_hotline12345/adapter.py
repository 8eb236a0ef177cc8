"""A 12345 hotline: its work orders become registrations, and it hears the result of each."""

from yizhan_adapter import CodeTable, Reported, Returned
from yizhan_adapter.platforms import Platform, card_of

CODES = CodeTable(
    "hotline12345",
    {
        "200": (Reported(), "办理结果已接收"),
        "208": (Reported(), "办理结果此前已接收"),
        "422": (Returned("material_missing"), "办理结果不完整"),
        "410": (Returned("not_competent"), "工单已作废或已转其他单位"),
    },
)


class Hotline12345(Platform):
    """12345热线工单进，办理结果出。"""

    department = "hotline12345"
    name = "12345政务服务便民热线"
    codes = CODES
    card = card_of(__package__)
