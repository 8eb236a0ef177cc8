"""The provincial people's mediation platform: organisations, mediators and cases out, appointments in."""

from yizhan_adapter import CodeTable, Reported, Returned
from yizhan_adapter.platforms import Platform, card_of

CODES = CodeTable(
    "provincial_platform",
    {
        "0000": (Reported(), "成功"),
        "0001": (Reported(), "已存在，按更新处理"),
        "4001": (Returned("material_missing"), "必填项缺失或格式不符"),
        "4003": (Returned("wrong_region"), "行政区划不在授权范围"),
        "4009": (Returned("duplicate"), "该案件已由其他单位录入"),
    },
)


class ProvincialPlatform(Platform):
    """全省人民调解平台；“皖事通”“安徽法律服务网”的预约也从它来。"""

    department = "provincial_platform"
    name = "全省人民调解平台"
    codes = CODES
    card = card_of(__package__)
