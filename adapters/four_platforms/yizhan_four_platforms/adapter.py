"""The four platforms of grass-roots governance: events come in from townships, and cases go out to them."""

from yizhan_adapter import CodeTable, Reported, Returned
from yizhan_adapter.platforms import Platform, card_of

CODES = CodeTable(
    "four_platforms",
    {
        "OK": (Reported(), "已入库"),
        "EXISTS": (Reported(), "已有此事件，已更新"),
        "BAD_FIELD": (Returned("material_missing"), "字段缺失或取值不符"),
        "BAD_AREA": (Returned("wrong_region"), "网格或区划不属本平台"),
    },
)


class FourPlatforms(Platform):
    """基层治理四平台：事件进、事件出。"""

    department = "four_platforms"
    name = "基层治理四平台"
    codes = CODES
    card = card_of(__package__)
