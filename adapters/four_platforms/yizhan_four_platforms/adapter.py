"""The four platforms of grass-roots governance: events come in from townships, and cases go out to them."""

from yizhan_adapter import CodeTable
from yizhan_adapter.platforms import Platform, card_of

CODES = CodeTable.read("yizhan_four_platforms")


class FourPlatforms(Platform):
    """基层治理四平台：事件进、事件出。"""

    department = "four_platforms"
    name = "基层治理四平台"
    codes = CODES
    card = card_of(__package__)
