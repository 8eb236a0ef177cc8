"""The city's platform of social governance: cases and monthly figures out, events of the whole city in."""

from yizhan_adapter import CodeTable
from yizhan_adapter.platforms import Platform, card_of

CODES = CodeTable.read("yizhan_municipal_platform")


class MunicipalPlatform(Platform):
    """市域综治信息平台：逐件录入，按月报数。"""

    department = "municipal_platform"
    name = "市域综治信息平台"
    codes = CODES
    card = card_of(__package__)
