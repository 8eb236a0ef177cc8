"""What the posts are called: in lists for people, on the wall, and in the tables that people bring."""

from __future__ import annotations

TITLES = {
    "director": "中心主任", "exec_deputy": "常务副主任", "deputy_fulltime": "专职副主任",
    "dispatcher": "调度员", "clerk": "受理员", "guide": "引导员", "duty_leader": "值班领导",
    "principal_leader": "主要领导", "deputy_leader": "分管领导", "sponsor": "包案领导",
    "political_legal_commissioner": "政法委员", "linked_village_leader": "联村领导",
    "resident_cadre": "综治村干部", "village_secretary": "村党组织书记", "grid_worker": "网格员",
    "micro_grid_worker": "微网格员", "agent": "代办员", "mediator": "调解员", "expert": "专家",
    "supervisor": "督办员", "verifier": "核查员", "reporter": "统计员", "archive_keeper": "档案员",
    "dpo": "个人信息保护负责人", "unit_head": "单位负责人", "unit_staff": "工作人员", "leader": "领导",
    "petition_officer": "信访工作人员", "operator": "操作员", "trainer": "培训员", "display": "公示屏",
    "kiosk": "取号机", "sys_admin": "系统管理员", "sec_admin": "安全管理员", "audit_admin": "审计管理员",
}  # fmt: skip
