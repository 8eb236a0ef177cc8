"""What happened, in the words of the people who read it: one line for every type of event.

A sentence is made of clauses; one whose codes are not there is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from string import Formatter

from services.reporting.model import Entry

SENTENCES: Mapping[str, tuple[str, ...]] = {
    "registration.received": ("来件", "渠道：{channel}"),
    "registration.accepted": ("登记受理", "渠道：{channel}", "{matter_type}"),
    "registration.answered": ("当场答复", "结果：{outcome}"),
    "registration.not_accepted": ("登记并引导至法定途径：{route}",),
    "registration.receiver_succeeded": ("首问责任由他人接手", "{reason}"),
    "registration.receiver_released": ("群众已得到答复，首问责任结束",),
    "registration.receiver_bound": ("重新办理，首问责任恢复",),
    "registration.zone_changed": ("引导至{to_zone}",),
    "registration.reported": ("已向{authority}报告",),
    "privacy.reveal_granted": ("调阅了保密信息", "用途：{purpose}"),
    "privacy.reveal_denied": ("申请调阅保密信息，未获准",),
    "privacy.request_received": ("当事人申请处理本人信息", "类型：{kind}", "{due_at}前答复"),
    "privacy.request_reminded": ("本人信息申请的答复时间已用{pct}%", "{due_at}到期"),
    "privacy.request_closed": ("答复了本人信息申请：{result}",),
    "privacy.copy_collected": ("当事人领取了本人信息",),
    "privacy.export_requested": ("申请导出名单", "用途：{purpose}"),
    "privacy.export_decided": ("导出申请已审批",),
    "privacy.export_taken": ("导出名单，共{rows}行",),
    "registration.corrected": ("按当事人申请更正了登记内容",),
    "registration.anonymised": ("登记内容已匿名，只保留统计项",),
    "file.erased": ("删除了一份材料",),
    "vault.disclosed": ("向{recipient_unit}提供了保密信息", "用途：{purpose}"),
    "import.stopped": ("导入停下，文件已丢失",),
    "file.attached": ("添加了一份材料",),
    "file.checked": ("材料查毒：{result}",),
    "file.redacted": ("材料遮盖后另存，遮盖{boxes}处",),
    "case.registered": ("开始流转", "由{tier}受理"),
    "case.merged": ("并入另一件相同事项",),
    "case.unmerged": ("撤销并案，恢复单独办理", "{reason}"),
    "case.joined": ("另一件相同事项并入本案，共{joined}件",),
    "case.parted": ("并入的一件已撤出，还有{joined}件",),
    "group.joined": ("与其他登记像是同一件事：{members}件，{reporters}人反映",),
    "group.left": ("不再算作同一件事，还有{members}件",),
    "group.mass_proposed": ("{reporters}人反映同一件事，请确认是否群体性事项",),
    "group.mass_decided": ("群体性事项：{mass}", "{reason}"),
    "case.not_accepted": ("不予受理", "已书面告知可走的途径：{route}"),
    "case.triaged": ("分类为{complexity}事项", "{category}", "由{tier}办理", "{willingness}"),
    "case.suggestion_reviewed": ("分类建议与人工选择已比对", "采用：{kept}", "改动：{changed}"),
    "case.assigned": ("交办给{lead_unit}", "协办：{co_units}", "{pickup_due}前接件", "{due_at}前办结"),
    "case.accepted": ("{unit}接件",),
    "case.arrived": ("{unit}到场接人",),
    "case.return_requested": ("{from_unit}申请退回", "{reason}"),
    "case.return_refused": ("不同意{from_unit}退回",),
    "case.returned": ("{from_unit}退回（第{n}次）", "{reason}"),
    "case.transferred": ("由{from_unit}转给{to_unit}", "{reason}"),
    "case.handling_started": ("{unit}开始办理",),
    "case.mediation_opened": ("转入调解",),
    "case.mediation_closed": ("调解结束：{result}", "已告知其他途径"),
    "case.attempt_recorded": ("{tier}第{n}轮调解未成",),
    "case.agreement_reached": ("达成{form}协议",),
    "case.escalation_requested": ("{from_tier}报请{to_tier}接手", "{trigger}"),
    "case.escalated": ("{to_tier}接收", "{trigger}"),
    "case.escalation_rejected": ("{to_tier}退回{from_tier}", "{reason}"),
    "case.suspended": ("中止办理：{reason}", "至{until}"),
    "case.resumed": ("恢复办理",),
    "case.resolved": ("办理完毕：{outcome}", "用时{days}天"),
    "case.verified": ("核查通过",),
    "case.reopened_for_rework": ("核查退回重办", "{reason}"),
    "case.closed": ("办结：{outcome}",),
    "case.referred_out": ("引导至{route}",),
    "case.withdrawn": ("申请人撤回",),
    "case.relapsed": ("反复，第{relapse_count}次重新办理",),
    "case.callback_completed": ("回访：{reached}", "满意度{satisfaction}分", "跑了{places_visited}个地方"),
    "case.flag_changed": ("标记“{flag}”：{value}",),
    "case.noted": ("记录：收到的消息未改变办理状态",),
    "sla.started": ("“{kind}”开始计时", "{due_at}到期"),
    "sla.paused": ("“{kind}”停止计时：{reason}",),
    "sla.resumed": ("“{kind}”恢复计时", "{due_at}到期"),
    "sla.extended": ("“{kind}”延期至{due_at}",),
    "sla.met": ("“{kind}”按时完成",),
    "sla.cancelled": ("“{kind}”不再计时",),
    "sla.threshold_reached": ("“{kind}”已用{pct}%", "{due_at}到期", "已提醒{unit}"),
    "sla.breached": ("“{kind}”超期", "责任单位：{unit}"),
    "supervision.proposed": ("因“{clock_kind}”超期提出{kind}建议",),
    "whistle.called": ("吹哨：请{units}报到", "{required_by}前到"),
    "delivery.queued": ("准备送{department}", "{accept_by}前接件"),
    "delivery.sent": ("送达{department}的信箱",),
    "request.queued": ("请{department}提供{service}", "{due_at}前"),
    "request.sent": ("向{department}送出请求：{service}",),
    "request.received": ("{department}系统收到请求：{service}",),
    "request.accepted": ("{department}受理：{service}",),
    "request.progressed": ("{department}办理{service}：{step}",),
    "request.returned": ("{department}退回请求：{service}", "{reason}"),
    "request.served": ("{department}办结{service}：{result}", "编号{reference}", "约定{meeting_at}"),
    "delivery.link_sent": ("办理链接已发短信给{department}",),
    "delivery.link_issued": ("给{department}的办理链接", "有效至{valid_until}"),
    "delivery.received": ("{department}的系统已收到",),
    "delivery.accepted": ("{department}接件",),
    "delivery.returned": ("{department}退回", "{reason}"),
    "delivery.progressed": ("{department}有新进展",),
    "delivery.concluded": ("{department}办结：{outcome}",),
    "delivery.failed": ("未能送达{department}，待人工处理",),
    "delivery.withdrawn": ("不再需要{department}答复",),
    "report.queued": ("待报送{department}",),
    "report.sent": ("已报送{department}，等待接收",),
    "report.received": ("{department}的接口已接收报送",),
    "report.taken": ("{department}已录入",),
    "report.refused": ("{department}未录入", "{reason}"),
    "department.residency_requested": ("{department}申请入驻{centre}", "方式：{mode}"),
    "department.residency_approved": ("{department}入驻{centre}", "方式：{mode}", "自{since}起"),
    "department.residency_changed": ("{department}在{centre}的入驻有变更：{what}",),
    "department.residency_suspended": ("{department}暂停在{centre}入驻：{reason}", "至{until}"),
    "department.residency_ended": ("{department}结束在{centre}的入驻：{reason}",),
    "department.onboarding_requested": ("申请接入{department}", "方式：{link}"),
    "department.provisioned": ("{department}的信箱已建好并试通",),
    "department.conformance_passed": ("{department}的适配程序通过一致性检查", "共{passed}项"),
    "department.onboarded": ("{department}已接入", "方式：{link}"),
    "department.onboarding_failed": ("{department}接入未成，将再试", "停在：{step}"),
    "department.suspended": ("暂停向{department}送件：{reason}", "至{until}"),
    "department.resumed": ("恢复向{department}送件",),
    "department.access_changed": ("{department}的接入凭据有变更：{what}",),
    "department.offboarding_requested": ("申请断开{department}：{reason}",),
    "department.offboarded": ("{department}已断开，信箱已清空",),
    "department.went_offline": ("{department}的系统没有回音（{liveness}）", "尚欠答复{outstanding}件"),
    "department.came_online": ("{department}的系统恢复",),
    "mediation.matter_opened": ("{organisation}开始调解", "期限至{limit_due}"),
    "mediation.session_scheduled": ("约定调解：{start}", "方式：{mode}"),
    "mediation.session_held": ("举行调解：{outcome}", "方式：{mode}"),
    "mediation.session_failed": ("调解未达成协议", "计入次数：{counts_as_attempt}"),
    "mediation.session_declined": ("有{side_count}方不愿调解",),
    "mediation.agreement_effective": ("协议生效（{form}）", "{confirm_deadline}前可申请司法确认"),
    "mediation.performance_due": ("第{item_no}项约定到期",),
    "mediation.performed": ("第{item_no}项约定已履行",),
    "mediation.performance_breached": ("第{item_no}项约定未按期履行",),
    "mediation.matter_closed": ("调解终结：{result}",),
    "mediation.extended": ("各方同意延长调解期限", "至{due_at}"),
    "mediation.confirmation_filed": ("共同向{court_unit}申请司法确认", "已过期{days_late}天"),
    "mediation.confirmed": ("法院裁定确认协议有效",),
    "mediation.rejected": ("司法确认未成", "{reason}"),
    "mediation.noted": ("调解记录了一件不改变进程的事",),
    "mediation.clock_threshold": ("“{kind}”已用{pct}%", "{due_at}到期"),
    "mediation.conflict_declared": ("一名调解员因有利害关系回避",),
    "petition.registered": ("信访登记", "{legal_type}"),
    "petition.first_confirmed": ("确认为初次信访",),
    "petition.repeat_confirmed": ("确认为重复信访",),
    "petition.linked_to_case": ("确认信访与本案是同一事项",),
    "petition.transferred": ("信访转送{to_unit}",),
    "petition.notified": ("书面告知信访人：{accepted}受理",),
    "petition.accepted": ("{unit}受理信访", "{due_at}前答复"),
    "petition.handling_started": ("{unit}开始办理信访",),
    "petition.voided": ("这条信访登记有误，经两人同意作废",),
    "petition.noted": ("信访记录了一件不改变进程的事",),
    "petition.extended": ("信访答复延期至{due_at}",),
    "petition.opinion_served": ("送达信访处理意见：{result}", "{review_by}前可请求复查"),
    "petition.concluded": ("信访终结：{result}",),
    "petition.clock_threshold": ("信访期限已用{pct}%", "{due_at}到期"),
}

Words = Callable[[str, str], str]
"""(name of a code, its value) -> the word people read."""


def sentence(entry: Entry, words: Words) -> str:
    """What happened; an event without a line of its own is named by its type."""
    clauses = SENTENCES.get(entry.name)
    if clauses is None:
        return entry.name
    if entry.name == "sla.met" and entry.codes.get("late") == "true":
        clauses = ("“{kind}”超期后完成",)
    if entry.codes.get("days_late") == "0":
        clauses = clauses[:1]
    said = [clause.format_map(_Worded(entry, words)) for clause in clauses if _is_sayable(clause, entry)]
    return "，".join(said) or entry.name


def _is_sayable(clause: str, entry: Entry) -> bool:
    return all(name in entry.codes for _, name, _, _ in Formatter().parse(clause) if name)


class _Worded(dict[str, str]):
    def __init__(self, entry: Entry, words: Words) -> None:
        super().__init__()
        self.entry, self.words = entry, words

    def __missing__(self, name: str) -> str:
        return self.words(name, self.entry.codes[name])
