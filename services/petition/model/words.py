"""The codes of petitions with their words, and where each list comes from."""

from __future__ import annotations

LEGAL_TYPES = {"opinion": "建议意见", "accusation": "检举控告", "appeal_request": "申诉求决"}
ROUTES = {  # 信访工作条例 art. 31
    "litigation": "诉讼与法律监督",
    "arbitration": "仲裁",
    "party_appeal": "党员申诉",
    "administrative": "行政复议、裁决等",
    "protection": "履行保护合法权益职责",
    "petition_procedure": "信访程序",
}
NOTICES = {"on_the_spot": "当场书面", "written": "书面送达", "electronic": "电子送达", "public": "公告"}
RESULTS = {"support": "予以支持", "explain": "解释说明", "not_support": "不予支持"}
SERVICES = {"in_person": "当面", "post": "邮寄", "electronic": "电子", "left": "留置"}
KINDS = {"first": "初信初访", "repeat": "重信重访"}
ENDS = {"accepted_by_petitioner": "信访人认可", "window_passed": "逾期未申请复查"}
OPINION_PARTS = ("request", "facts", "reasons", "opinion", "legal_basis")  # 条例 art. 32
