"""What the law makes report at once, before anything else happens to a matter.

Emergencies go to 110, 119, 120 or 122 first (IN-34); harm to a minor and violence in a family against
somebody who cannot help himself are reported to the police (未成年人保护法第十一条、反家庭暴力法第十四条).
A person at a desk reports, then registers. A machine cannot: its matters are registered, and their cases are
not sorted before who answers for them has reported.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from services.intake.model.desk import AUTHORITIES, Desk, Duty, Report
from services.intake.model.form import Form
from services.intake.model.registration import Registration
from shared.contracts.hall import RegistrationReported
from shared.decision import Actor, Decision
from shared.errors import Illegal, Refused

SAYS: dict[Duty, str] = {
    "emergency": "情况紧急，请先拨打110（报警）、119（火警）、120（急救）或122（交通事故），"
    "再在这里记下报给了谁、何时报的",
    "minor_harm": "涉及未成年人受侵害，应当立即向公安机关报告，再在这里记下报给了谁、何时报的",
    "dv": "涉及无、限制民事行为能力人遭受家庭暴力，应当及时向公安机关报案，再在这里记下报给了谁、何时报的",
}
OPINION = "online_opinion"
FOR: dict[Duty, tuple[str, ...]] = {
    "emergency": ("police_110", "fire_119", "ambulance_120", "traffic_122", "police_station"),
    "minor_harm": ("police_110", "police_station"),
    "dv": ("police_110", "police_station"),
}
"""Which authorities fulfil which duty; others may be told besides."""


def duties(form: Form) -> tuple[Duty, ...]:
    """What has to be reported of this form."""
    urgent: tuple[Duty, ...] = ("emergency",) if form.emergency else ()
    return (*urgent, *form.harm)


def due(wanted: Iterable[Duty], reports: Iterable[Report]) -> tuple[Duty, ...]:
    """What of it has not been reported to an authority that it can be reported to."""
    made = {(report.of, report.authority) for report in reports}
    return tuple(duty for duty in wanted if not any((duty, one) in made for one in FOR[duty]))


def check(form: Form, *, by_person: bool) -> None:
    """Raises Refused with whom to call when a person registers what was not reported yet.

    And when a machine brings what somebody wrote online: nobody's accounts are crawled (IN-08).
    """
    if form.source_domain == OPINION and not by_person:
        why = "网络舆情由人登记，不由系统采集"
        raise Refused(why, code="person_needed", fields={"source_domain": [why]})
    missing = due(duties(form), form.reports) if by_person else ()
    if missing:
        said = [SAYS[duty] for duty in missing]
        raise Refused(said[0], code="report_first", fields={"reports": said}, due=list(missing))


def desk(form: Form, actor: Actor, now: datetime) -> Desk:
    """What the desk notes of a new matter."""
    made = tuple(replace(report, at=min(report.at, now), by=actor.ref) for report in form.reports)
    return Desk(
        assisted=form.assisted,
        harm=form.harm,
        reports=made,
        reports_due=due(duties(form), made),
    )


def report(state: Registration, made: Report) -> Decision[Registration]:
    """A report was made after the registration. Raises Illegal when this very one is noted already."""
    if any((made.of, made.authority) == (old.of, old.authority) for old in state.desk.reports):
        raise Illegal("这项报告已经记过", state="reported", allowed=[])
    if made.of not in (*state.desk.harm, *(("emergency",) if state.emergency else ())):
        said = "这件事项没有登记需要这样报告的情形"
        raise Refused(said, code="nothing_to_report", fields={"of": [said]})
    reports = (*state.desk.reports, made)
    after = replace(state.desk, reports=reports, reports_due=due(state.desk.reports_due, reports))
    told = RegistrationReported(
        reg_id=state.reg_id,
        case_id=state.case_id,
        authority=made.authority,
        reported_at=made.at,
        released=state.state == "registered" and not after.reports_due,
    )
    return Decision(state=replace(state, desk=after), events=(told,), reason=AUTHORITIES[made.authority])
