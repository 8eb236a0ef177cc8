"""Many ways to break the default county, and what must be said about each."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Broken:
    """One change that breaks the default county, and what must be said about it."""

    good: str
    bad: str
    path: str  # [*] stands for any place in a list
    says: str
    stands: str = ""  # where, if not on the line of the change


BROKEN = [
    Broken(
        "pickup: {length: PT1H",
        "pickup: {length: 1h",
        "sla.pickup.length",
        "时长要写成 P3D、PT1H、PT30M 这样",
    ),
    Broken(
        "pickup: {length: PT1H",
        "pickup: {length: PT0H",
        "sla.pickup.length",
        "时限应当大于零",
    ),
    Broken(
        "  verify: {length",
        "  verified: {length",
        "sla",
        "缺少时限 verify",
        stands="sla:\n",
    ),
    Broken(
        "close: {length: P2D, unit: working_days, starts: [case.verified]",
        "close: {length: P2D, unit: working_days, starts: [case.resolved]",
        "sla.close.starts",
        "要包括 case.verified",
    ),
    Broken(
        "general: {length: P3D",
        "general: {length: PT3H",
        "sla.general.length",
        "要写成整日",
    ),
    Broken(
        "pickup: {length",
        "pickup: {lenght: PT1H, length",
        "sla.pickup.lenght",
        "不认识的键",
    ),
    Broken(
        "complexity: general, roll_on_rest_day: false",
        "complexity: general, roll_on_rest_day: maybe",
        "sla.general.roll_on_rest_day",
        "这里应当是 true 或 false",
    ),
    Broken(
        "remind_days: [15, 25, 28]",
        "remind_days: [15, 25, 30]",
        "sla.confirm_window.remind_days",
        "提醒日应当早于最后一日",
    ),
    Broken(
        "pause_for: [appraisal]",
        "pause_for: [holiday]",
        "sla.court_presuit.pause_for[*]",
        "没有这个暂停理由：holiday",
    ),
    Broken(
        "mode: competence",
        "mode: by_mood",
        "ladder.mode",
        "只能是 attempts, outcome, competence 之一",
    ),
    Broken(
        "{tier: village, next: township",
        "{tier: village, next: village",
        "ladder.steps[*].next",
        "梯子绕成了圈",
    ),
    Broken(
        "{tier: township, next: county,",
        "{tier: township, next: province,",
        "ladder.steps[*].next",
        "没有这个台阶：province",
    ),
    Broken(
        "terminal: risk_notice, ",
        "",
        "ladder.steps[*]",
        "既没有 next",
        stands="{tier: county_leader, sponsor_within",
    ),
    Broken(
        "escalate_within: escalate, basis: 设计默认：村级",
        "escalate_within: soon, basis: 设计默认：村级",
        "ladder.steps[*].escalate_within",
        "没有这个时限：soon",
    ),
    Broken(
        'county6: "990101"',
        "county6: 990101",
        "county6",
        "这里应当是文字（数字要加引号）",
    ),
    Broken(
        'start: "08:30"',
        'start: "8.30"',
        "duty_hours.start",
        "时刻要写成带引号的",
    ),
    Broken(
        'end: "17:30"',
        'end: "07:30"',
        "duty_hours",
        "上班、午休、下班的时刻先后不对",
    ),
    Broken(
        "backdate_max_days: 1",
        "backdate_max_days: -1",
        "pause.backdate_max_days",
        "不能小于零",
    ),
    Broken(
        "{pct: 100, notify: [handler",
        "{pct: 99, notify: [handler",
        "thresholds",
        "缺少 pct: 100",
        stands="thresholds:",
    ),
    Broken(
        "{id: court, name: 县人民法院",
        "{id: police, name: 县人民法院",
        "departments[*].id",
        "单位代码写了两次：police",
        stands="{id: police, name: 县公安局",
    ),
    Broken(
        "{id: court, name: 县人民法院",
        "{id: Court, name: 县人民法院",
        "departments[*].id",
        "单位代码为2至32个",
    ),
    Broken(
        'kind: procuratorate, region: "990101"',
        'kind: procuratorate, region: "880101"',
        "units[*].region",
        "不在本县",
    ),
    Broken(
        "{unit: police, centre: centre_county",
        "{unit: court, centre: centre_county",
        "residency[*]",
        "只能有一种入驻方式",
        stands="{unit: court, centre: centre_county, mode: resident, windows: [6]",
    ),
    Broken(
        "lead: housing, co: [urban_management]",
        "lead: hosing, co: [urban_management]",
        "competence[*].lead",
        "没有这个单位：hosing",
    ),
    Broken(
        "lead: court, co: [judicial_bureau], reason: 合同",
        "lead: court, co: [judge], reason: 合同",
        "competence[*].co[*]",
        "没有这个单位：judge",
    ),
    Broken(
        '{category: "*", tier: county_leader, lead',
        "{category: other, tier: county_leader, lead",
        "competence",
        "neighbour × county_leader 没有牵头单位",
        stands="competence:",
    ),
    Broken(
        "{category: medical, tier: township,",
        "{category: medical, tier: village,",
        "competence[*]",
        "永远轮不到这一行",
    ),
    Broken(
        '{category: "*", tier: county, lead: centre_county',
        '{category: "*", tier: county, lead: "centre_{town3}"',
        "competence[*].lead",
        "county 一级的地区码没有 town3 这么细",
    ),
    Broken(
        "aliases: [邻里, 相邻关系]",
        "aliases: [邻里, 宅基地]",
        "categories[*]",
        "“宅基地”已经是 neighbour 的名称或别名",
        stands="{code: housing_land,",
    ),
    Broken(
        "except_centres: {centre_203:",
        "except_centres: {centre_299:",
        "modules.except_centres.centre_299",
        "没有这个单位",
    ),
    Broken(
        "labels: {principles",
        "labels: {principles: 一, principles",
        "labels.principles",
        "同一个键写了两次",
    ),
    Broken(
        "basis: 样板县讲话稿（2023年度数据）：一般事项3天",
        "basis: 听说的",
        "sla.general.basis",
        "依据没有写明 documents 里的文件",
    ),
]
