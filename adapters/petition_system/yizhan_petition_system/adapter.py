"""The petition information system: registering there is a legal duty; entered once here, sent there."""

from yizhan_adapter import CodeTable
from yizhan_adapter.platforms import Platform, card_of

CODES = CodeTable.read("yizhan_petition_system")


class PetitionSystem(Platform):
    """信访信息系统：信访事项登记（条例第二十一条），回执留存。"""

    department = "petition_system"
    name = "信访信息系统"
    codes = CODES
    card = card_of(__package__)
