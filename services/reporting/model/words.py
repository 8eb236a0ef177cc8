"""The word for every code that people meet on the board, in lists and on timelines."""

from __future__ import annotations

STATES = {
    "incoming": "已登记待流转",
    "registered": "待分类",
    "triaged": "待交办",
    "assigned": "待接件",
    "accepted": "已接件",
    "handling": "办理中",
    "mediating": "调解中",
    "agreed": "已达成协议",
    "escalating": "上报中",
    "suspended": "中止",
    "resolved": "待核查",
    "verified": "待办结",
    "closed": "已办结",
    "referred_out": "引导外部途径",
    "withdrawn": "已撤回",
    "not_accepted": "不予受理",
    "merged": "已并案",
    "answered": "当场答复",
    "refused": "引导法定途径",
}

STRETCHES = {
    "register": "发现到登记",
    "assign": "登记到交办",
    "accept": "交办到接件",
    "resolve": "接件到化解",
    "whole": "登记到化解",
}
"""Where a case is, in the order of its way."""

COMPLEXITIES = {"simple": "简单", "general": "一般", "complex": "复杂", "difficult": "疑难"}

MATTER_TYPES = {
    "dispute": "矛盾纠纷",
    "petition": "信访诉求",
    "complaint": "投诉举报",
    "consult": "咨询",
    "help": "求助",
    "unclassified": "待分类",
}

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

OUTCOMES = {
    "mediated_written": "调解成功（书面协议）",
    "mediated_oral": "调解成功（口头协议）",
    "settled": "和解",
    "admin_resolved": "行政处理解决",
    "answered": "答复",
    "aid_only": "救助",
    "referred_court": "引导诉讼",
    "referred_arbitration": "引导仲裁",
    "referred_admin": "引导行政途径",
    "petition_concluded": "信访终结",
    "withdrawn": "撤回",
    "failed": "未化解",
}

ASKED = {
    "judicial_confirmation": "司法确认",
    "arbitration_confirmation": "仲裁审查确认",
    "cross_region_filing": "跨域立案",
    "electronic_service": "电子送达",
    "online_hearing": "线上庭审",
    "on_site_help": "现场协助",
    "legal_aid": "法律援助",
    "support_prosecution": "支持起诉",
    "temporary_relief": "临时救助",
}
SERVED = {
    "confirmed": "确认有效",
    "rejected": "驳回",
    "not_accepted": "不予受理",
    "filed": "已立案",
    "not_filed": "不予立案",
    "served": "已送达",
    "paper": "改用纸质送达",
    "scheduled": "已排期",
    "arrived": "已到场",
    "not_sent": "未派警",
    "granted": "同意",
    "refused": "不同意",
}

ROUTES = {
    "court": "人民法院",
    "arbitration": "仲裁",
    "labour_arbitration": "劳动人事争议仲裁",
    "administrative_reconsideration": "行政复议",
    "administrative_handling": "行政处理",
    "petition": "信访",
    "police": "公安机关",
    "discipline": "纪检监察机关",
    "legal_aid": "法律援助",
    "other": "其他途径",
}

REASONS = {
    "not_competent": "不属本单位职责",
    "wrong_region": "不属本辖区",
    "duplicate": "重复交办",
    "material_missing": "材料不全",
    "conflict_of_interest": "有利害关系",
    "attempts": "调解次数已满",
    "failed": "调解不成",
    "beyond_competence": "超出职权",
    "beyond_capacity": "力所不及",
    "complex_major": "复杂重大",
    "cross_region": "跨区域",
    "dissatisfied": "当事人不服",
    "deadline": "期限已到",
    "safety": "安全原因",
    "mass": "群体性",
    "mediation_declined": "当事人不愿调解",
    "mediation_expired": "调解期限届满",
    "interested_tier": "本级有利害关系",
    "hearing": "听证",
    "appraisal": "鉴定评估",
    "party_requests_time": "双方都同意再等等",
    "waiting_party_material": "等当事人补材料",
    "force_majeure": "不可抗力",
    "court_stay": "诉讼或仲裁中止",
    "not_same_matter": "不是同一件事",
    "asked_by_resident": "当事人要求",
    "master_gone": "并入的案件已有变动",
    "many_people": "涉及人数多",
    "same_interest": "共同诉求",
    "gathering": "有聚集",
    "one_household": "同一户人家",
    "not_one_matter": "不是同一件事",
    "few_people": "实际人数少",
}

CLOCKS = {
    "pickup": "接件",
    "meet": "接人",
    "simple": "简单事项办结",
    "general": "一般事项办结",
    "complex": "复杂事项办结",
    "difficult": "疑难事项办结",
    "triage": "分类",
    "assign": "交办",
    "resident": "答复群众",
    "escalate": "上报",
    "upper_accept": "上级接收",
    "sponsor": "明确包案领导",
    "onsite_arrive": "到场",
    "home_visit": "上门",
    "callback": "回访",
    "verify": "核查",
    "close": "办结",
    "whistle_report": "吹哨报到",
}

RESIDENCIES = {"resident": "常驻", "rotating": "轮驻", "on_call": "随叫随驻"}
LINKS = {"mailbox": "信箱", "desk": "工作台链接"}
LIVENESS = {"silent": "连着但没有心跳", "stuck": "积压未处理", "offline": "离线"}
STEPS = {
    "user": "建账号",
    "rights": "授权",
    "queues": "建信箱",
    "limits": "限额",
    "safe": "信箱检查",
    "probe": "试投",
    "conformance": "一致性检查",
}
DEPARTMENT_CHANGES = {
    "mode": "入驻方式",
    "windows": "窗口",
    "categories": "受理类别",
    "staff": "派驻人员",
    "schedule": "轮驻日",
    "leave": "请假",
    "stand_in": "顶班",
    "called": "召唤到场",
    "released": "解除召唤",
    "resumed": "恢复入驻",
    "link_made": "生成领取链接",
    "claimed": "口令已领取",
    "rotated": "账号轮换",
}
COPIES = {
    "queued": "待报送",
    "sent": "已报送",
    "received": "对方已接收",
    "taken": "已录入",
    "refused": "未录入",
}

HOPS = {
    "queued": "等待送达",
    "sent": "已送达信箱",
    "received": "对方已收到",
    "accepted": "已接件",
    "assigned": "待接件",
    "returned": "退回",
    "transferred": "转出",
    "escalated": "上报",
    "concluded": "办结",
    "failed": "未能送达",
    "withdrawn": "撤回",
}

CLOCK_STATES = {"running": "走时", "paused": "暂停", "late": "超期", "met": "完成", "cancelled": "取消"}
FORMS = {"written": "书面", "oral": "口头"}
WILLINGNESS = {
    "both": "双方愿意调解",
    "applicant_only": "申请人愿意调解",
    "no": "不愿调解",
    "unknown": "意愿未明",
}
MODES = {"centre": "中心", "home_visit": "上门", "on_site": "现场", "online": "线上"}
SITTINGS = {
    "agreed": "达成协议",
    "partial": "部分达成",
    "failed": "未达成",
    "adjourned": "改期",
    "interrupted": "中断",
    "not_held": "未举行",
    "declined": "不愿调解",
    "expired": "期限届满",
    "withdrawn": "撤回",
}
FLAGS = {
    "mass": "群体性",
    "cross_unit": "跨单位",
    "cross_tier": "跨层级",
    "cross_township": "跨乡镇",
    "major": "重大",
    "sudden": "突发",
}
PETITIONS = {"opinion": "建议意见", "accusation": "检举控告", "appeal_request": "申诉求决"}
OPINIONS = {"support": "支持", "explain": "解释说明", "not_support": "不予支持"}
SUPERVISIONS = {"secretary": "书记督办", "listed": "挂牌督办", "department": "部门督办", "county": "县级督办"}

POSTS = {
    "director": "中心主任",
    "exec_deputy": "常务副主任",
    "deputy_fulltime": "专职副主任",
    "dispatcher": "调度员",
    "clerk": "受理员",
    "guide": "引导员",
    "duty_leader": "值班领导",
    "principal_leader": "主要领导",
    "deputy_leader": "分管领导",
    "sponsor": "包案领导",
    "political_legal_commissioner": "政法委员",
    "linked_village_leader": "联村领导",
    "resident_cadre": "驻村干部",
    "village_secretary": "村党组织书记",
    "grid_worker": "网格员",
    "micro_grid_worker": "微网格员",
    "agent": "代办员",
    "mediator": "调解员",
    "expert": "专家",
    "supervisor": "督办员",
    "verifier": "核查员",
    "reporter": "统计员",
    "unit_head": "单位负责人",
    "unit_staff": "单位经办人",
    "leader": "领导",
    "petition_officer": "信访工作人员",
    "sys_admin": "系统管理员",
    "sec_admin": "安全管理员",
    "audit_admin": "审计管理员",
    "kiosk": "取号机",
    "service": "系统",
    "system": "系统计时",
}
PURPOSES = {
    "contact": "联系当事人",
    "handling": "办理本事项",
    "mediation": "组织调解",
    "service": "送达文书",
    "verification": "回访核查",
    "identity_check": "核对身份",
    "duplicate_check": "核对是否重复登记",
    "document": "制作文书",
    "correction": "当事人要求查阅或更正",
    "judicial_confirmation": "办理司法确认",
    "legal_aid": "办理法律援助",
    "provincial_record": "上报省级平台",
    "petition_registration": "信访事项登记",
}
SERVICES = {"intake": "受理", "routing": "流转", "mediation": "调解", "petition": "信访", "grid": "网格"}

PARTS = {
    "category": "类别",
    "complexity": "复杂程度",
    "matter_type": "事项类型",
    "tier": "办理层级",
    "unit": "牵头单位",
}
"""The parts of a suggestion."""
