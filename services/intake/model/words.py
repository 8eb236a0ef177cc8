"""The codes that a form may use, each with the word that people read."""

from __future__ import annotations

CHANNELS = {
    "window": "窗口",
    "letter": "来信",
    "visit": "来访",
    "phone": "电话",
    "web_mobile": "手机端",
    "web_pc": "电脑端",
    "hotline12345": "12345热线",
    "grid": "网格",
    "court": "法院",
    "police": "公安",
    "procuratorate": "检察院",
    "government": "政府部门",
    "petition_office": "信访部门",
    "platform": "其他平台",
}
ONLINE = ("web_mobile", "web_pc")

MATTER_TYPES = {
    "dispute": "矛盾纠纷",
    "petition": "信访诉求",
    "complaint": "投诉举报",
    "consult": "咨询",
    "help": "求助",
    "unclassified": "待分类",
}

PLACE_KINDS = {
    "residence": "住所",
    "road": "道路",
    "scenic": "景区",
    "market": "市场",
    "entertainment": "娱乐场所",
    "school_area": "学校周边",
    "railway": "铁路",
    "highway": "高速公路",
    "construction": "工地",
    "workplace": "单位",
    "farmland": "田地",
    "forest": "山林",
    "other": "其他",
}

PARTY_ROLES = {
    "applicant": "申请人",
    "respondent": "对方当事人",
    "third": "第三人",
    "representative": "代表人",
    "agent": "代理人",
}
OUR_SIDE = ("applicant", "representative", "agent")

ZONES = {
    "reception": "接待受理区",
    "mediation": "和解调解区",
    "arbitration_litigation": "仲裁诉讼区",
}

FLAGS = {
    "mass": "群体性",
    "cross_unit": "跨单位",
    "cross_tier": "跨层级",
    "cross_township": "跨乡镇",
    "major": "重大",
    "sudden": "突发",
}

CONFIDENTIALITY = {"normal": "普通", "complaint_protected": "检举控告保密"}

FIELDS = {
    "name": "姓名或名称",
    "phone": "电话",
    "id_no": "证件号码",
    "address": "住址",
    "title": "标题",
    "summary": "情况说明",
    "requests": "诉求",
    "place": "事发地点",
    "answer": "当场答复",
}
"""What the vault keeps sealed: the fields that a reveal may name."""

PERSONAL = ("name", "phone", "id_no", "address")

LINKAGE_STAGES = {
    "presuit": "立案前委派",
    "filed": "立案后委托（普通程序）",
    "filed_simple": "立案后委托（简易程序）",
}
"""When the court referred a matter; its limit is the mediation's (特邀调解规定 art. 27)."""
