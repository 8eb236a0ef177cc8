"""Conditions of the design that the table cannot check yet, each with the reason."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class OpenGuard:
    """A condition nobody checks yet."""

    row: str
    says: str
    because: str


OPEN_GUARDS: tuple[OpenGuard, ...] = (
    OpenGuard(
        row="G0",
        says="dv and harm to minors are reported before any next step",
        because="what intake knows of waits for a record (report_was_made), a flag set at triage for a tick",
    ),
    OpenGuard(
        row="G4",
        says="the team of the county's template is named",
        because="staff and posts are identity's; COR-12 makes a missing role a flagged vacancy, never a stop",
    ),
    OpenGuard(
        row="G4",
        says="nobody with an interest decides (COR-10)",
        because="interests of persons are not recorded yet; only the unit complained about is kept out",
    ),
    OpenGuard(
        row="G9",
        says="no pattern of control or violence, checked by a person; mediators clear of conflict",
        because="mediation asks both before it opens a matter; its event carries neither answer",
    ),
    OpenGuard(
        row="G11",
        says="the notice of other routes was served",
        because="mediation serves it before it tells that the matter is closed",
    ),
    OpenGuard(
        row="G12",
        says="signatures or the record of an oral agreement are complete",
        because="mediation decides it before it tells that the agreement took effect",
    ),
    OpenGuard(
        row="G19",
        says="sub-tasks of the units that help are done",
        because="splitting a case into tasks (RT-39) is not built",
    ),
    OpenGuard(
        row="G22",
        says="no whistle, supervision, errand or task is open",
        because="a whistle has only its beginning, a supervision only its proposal; errands are petition's",
    ),
    OpenGuard(
        row="G22",
        says="the dossier is complete",
        because="mediation does not tell dossier.completed yet",
    ),
    OpenGuard(
        row="G22",
        says="the closing checklist of a sponsored case is ticked",
        because="sponsorship is not built",
    ),
    OpenGuard(
        row="G25",
        says="a relapse of an archived case is approved",
        because="routing does not know of the archive yet",
    ),
)
