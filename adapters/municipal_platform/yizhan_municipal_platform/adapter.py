"""The city's platform of social governance: cases and monthly figures out, events of the whole city in."""

from yizhan_adapter import CodeTable, Reported, Returned
from yizhan_adapter.platforms import Platform, card_of

CODES = CodeTable(
    "municipal_platform",
    {
        "0": (Reported(), "处理成功"),
        "2": (Returned("material_missing"), "数据校验不通过"),
        "3": (Returned("duplicate"), "重复上报"),
        "5": (Returned("wrong_region"), "越权上报其他区县数据"),
    },
)


class MunicipalPlatform(Platform):
    """市域综治信息平台：逐件录入，按月报数。"""

    department = "municipal_platform"
    name = "市域综治信息平台"
    codes = CODES
    card = card_of(__package__)
