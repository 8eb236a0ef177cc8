"""A 12345 hotline: its work orders become registrations, and it hears the result of each."""

from yizhan_adapter import CodeTable
from yizhan_adapter.platforms import Platform, card_of

CODES = CodeTable.read("yizhan_hotline12345")


class Hotline12345(Platform):
    """12345热线工单进，办理结果出。"""

    department = "hotline12345"
    name = "12345政务服务便民热线"
    codes = CODES
    card = card_of(__package__)
