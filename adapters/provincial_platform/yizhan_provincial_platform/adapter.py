"""The provincial people's mediation platform: organisations, mediators and cases out, appointments in."""

from yizhan_adapter import CodeTable
from yizhan_adapter.platforms import Platform, card_of

CODES = CodeTable.read("yizhan_provincial_platform")


class ProvincialPlatform(Platform):
    """全省人民调解平台；“皖事通”“安徽法律服务网”的预约也从它来。"""

    department = "provincial_platform"
    name = "全省人民调解平台"
    codes = CODES
    card = card_of(__package__)
