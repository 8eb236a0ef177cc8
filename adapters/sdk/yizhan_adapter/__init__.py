"""All that a department's adapter may import: asks, answers, a code table, its back office, its errors."""

from yizhan_adapter.answers import Accepted, Answer, Concluded, Progressed, Reported, Returned, Served
from yizhan_adapter.asks import Ask, Report, Request
from yizhan_adapter.codes import CodeTable, Names
from yizhan_adapter.disclosures import Disclosed, Party
from yizhan_adapter.errors import NeverPossible, OfficeDown, TryLater, UnknownCode
from yizhan_adapter.files import CaseFile
from yizhan_adapter.office import Office
from yizhan_adapter.plugins import Adapter, Polls

__all__ = [
    "Accepted",
    "Adapter",
    "Answer",
    "Ask",
    "CaseFile",
    "CodeTable",
    "Concluded",
    "Disclosed",
    "Names",
    "NeverPossible",
    "Office",
    "OfficeDown",
    "Party",
    "Polls",
    "Progressed",
    "Report",
    "Reported",
    "Request",
    "Returned",
    "Served",
    "TryLater",
    "UnknownCode",
]
