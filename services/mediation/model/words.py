"""The codes of mediation with their words, and where each list comes from."""

from __future__ import annotations

from shared.contracts.fields import Linkage

SIDES = {"applicant": "申请人", "respondent": "被申请人", "third": "第三人"}
OPPOSED = ("applicant", "respondent")  # the two sides without whom there is nothing to mediate

CONSENTS = {"agreed": "同意调解", "refused": "不愿调解", "unasked": "还没有问"}
WAYS_TO_SAY = {"oral": "口头", "written": "书面", "online": "线上"}
INTERESTS = {
    "none": "无利害关系",
    "kinship": "近亲属",
    "interest": "有利害关系",
    "other": "其他可能影响公正的关系",
}
CHOSEN_BY = {"party": "当事人选的", "organisation": "调解组织指派"}

LINKAGE_STAGES = {
    "": "不分阶段",
    "presuit": "立案前委派",
    "filed": "立案后委托（普通程序）",
    "filed_simple": "立案后委托（简易程序）",
}
LIMIT_OF_STAGE = {"presuit": "court_presuit", "filed": "court_filed", "filed_simple": "court_filed_simple"}
"""Which limit of the profile a matter referred by the court runs under (特邀调解规定 art. 27)."""

LINKAGE_OF_CHANNEL: dict[str, Linkage] = {
    "court": "court",
    "police": "police",
    "government": "government",
    "procuratorate": "procuratorate",
    "petition_office": "petition",
}
"""The linkage of a case that another office referred."""

ON_SITE_PLACES = ("road", "scenic", "market", "entertainment")  # MD-16
MEANS = {
    "law": "法律",
    "policy": "政策",
    "economy": "经济",
    "administration": "行政",
    "education": "教育",
    "coordination": "协调",
    "persuasion": "疏导",
}
"""By what a result was reached (MD-29), where the county lists nothing of its own."""

LONGEST_DROP = 10  # minutes for which one side may be gone from an online sitting (MD-18)

ANSWERS = {"accepted": "接受", "declined": "不需要"}
COUNSELLING = {"offered": "已提供", "accepted": "接受", "declined": "不需要"}  # and nothing more (MD-30)

SIGNERS = {"party": "当事人", "mediator": "调解员", "organisation": "调解组织"}
SIGNATURES = {"ink": "手写签名", "thumbprint": "按指印", "seal": "盖章", "electronic": "电子签名"}
ON_PAPER = ("ink", "thumbprint", "seal")  # kept as a photograph with its hash (COR-19)
WAYS_TO_PERFORM = {
    "payment": "给付",
    "act": "作为",
    "stop": "停止",
    "apology": "赔礼道歉",
    "delivery": "交付",
    "other": "其他",
}
MUST_BE_WRITTEN = {
    "labour_wages": "劳动争议调解仲裁法第十四条",
    "labour_other": "劳动争议调解仲裁法第十四条",
}
"""Categories whose agreement the law wants in writing, with the law."""

PACKAGE = {  # 民诉法解释 (2022) art. 354: what a court wants to see
    "application": "司法确认申请书（双方）",
    "agreement": "调解协议",
    "mediation_proof": "调解组织主持调解的证明",
    "identity": "双方身份、住所、联系方式",
    "property_proof": "与协议有关的财产权利证明",
}
WANTED_ONLY_IF_PROPERTY = ("property_proof",)
MISCONDUCT = {  # 人民调解法 art. 15
    "partial": "偏袒一方",
    "insulting": "侮辱当事人",
    "taking_gifts": "索取、收受财物",
    "leaking": "泄露隐私、商业秘密",
    "forcing": "强迫调解",
    "other": "其他",
}
CLOSE_REASONS = {"failed": "调解不成", "declined": "一方不愿继续", "withdrawn": "撤回"}
COURT_RESULTS = {
    "confirmed": "确认有效",
    "rejected": "裁定驳回",
    "not_accepted": "不予受理",
    "withdrawn": "申请人撤回",
}
