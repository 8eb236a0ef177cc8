"""What the other services tell of a case, for the tests of reporting: lives of cases, write by write."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from shared import ids
from shared.aggregate.held import Teller
from shared.bus.worker import Worker
from shared.clock import CHINA
from shared.contracts import closing, delivery, intake, mediation, petition, routing, sla, suggestion, wire
from shared.contracts.base import Event
from shared.decision import Actor, Cause, Decision

MONDAY = datetime(2026, 9, 7, 9, 0, tzinfo=CHINA).astimezone(UTC)
VILLAGE = "990101101201"
UNIT = "committee_101201"


def minute(n: float) -> datetime:
    """So many minutes after Monday nine o'clock."""
    return MONDAY + timedelta(minutes=n)


@dataclass(frozen=True, kw_only=True)
class _State:
    region: str
    protected: bool = False
    profile_version: str = "xx-county@1"


@dataclass(kw_only=True)
class Stream:
    """One aggregate of another service, as it tells of itself."""

    service: str
    aggregate: str
    id: str
    region: str = VILLAGE
    protected: bool = False
    bodies: list[bytes] = field(default_factory=list)
    version: int = 0

    def tell(self, at: datetime, *events: Event, role: str = "dispatcher") -> Stream:
        """One write."""
        self.version += 1
        state = _State(region=self.region, protected=self.protected)
        cause = Cause(at=at, actor=Actor(ref="x", role=role))
        teller = Teller(service=self.service, aggregate=self.aggregate)
        decision = Decision(state=state, events=events)
        self.bodies += [e["body"] for e in teller.outbox(self.id, self.version, decision, cause)]
        return self

    @property
    def heard(self) -> list[wire.Envelope]:
        """What it told, read."""
        return [wire.decode(body) for body in self.bodies]


@dataclass(kw_only=True)
class Case:
    """A case and everything told of it, stream by stream."""

    n: int = 1
    region: str = VILLAGE
    category: str | None = "neighbour"
    unit: str = UNIT
    protected: bool = False
    streams: dict[str, Stream] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return ids.derived("tests", "case", str(self.n))

    @property
    def case_no(self) -> str:
        return f"990101-2026-{self.n:06d}"

    @property
    def reg_id(self) -> str:
        return ids.derived("tests", "registration", str(self.n))

    def of(self, service: str, aggregate: str, id: str = "") -> Stream:
        """One of its streams."""
        id = id or self.id
        made = Stream(
            service=service, aggregate=aggregate, id=id, region=self.region, protected=self.protected
        )
        return self.streams.setdefault(f"{aggregate}/{id}", made)

    @property
    def routing(self) -> Stream:
        """The stream of the case itself."""
        return self.of("routing", "case")

    def clock(self, kind: str) -> dict[str, Any]:
        """A clock of it, as events name it."""
        return {"clock_id": ids.derived("clock", self.id, kind), "case_id": self.id, "kind": kind}

    def bodies(self) -> list[bytes]:
        """Everything told of it, stream after stream."""
        return [body for stream in self.streams.values() for body in stream.bodies]

    def registered(self, at: datetime = MONDAY, **more: Any) -> Case:
        """Intake accepts it and routing opens it; two clocks run."""
        taken: dict[str, Any] = {
            "reg_id": self.reg_id, "case_id": self.id, "case_no": self.case_no, "channel": "window",
            "matter_type": "dispute", "category": self.category, "region": self.region, "received_at": at,
            "registered_at": at, "protected": self.protected,
        }  # fmt: skip
        arrived = intake.RegistrationReceived(
            reg_id=self.reg_id, channel="window", matter_type="dispute", case_id=self.id
        )
        accepted = intake.RegistrationAccepted(**taken)
        self.of("intake", "registration", self.reg_id).tell(at, arrived, accepted, role="clerk")
        opened = {name: value for name, value in taken.items() if name != "receiving_unit"}
        self.routing.tell(
            at,
            routing.CaseRegistered(**({"tier": "village"} | opened | more)),
            sla.SlaStarted(**self.clock("triage"), started_at=at, due_at=at + timedelta(hours=2)),
            sla.SlaStarted(**self.clock("resident"), started_at=at, due_at=at + timedelta(days=30)),
            role="service",
        )
        return self

    def reviewed(self, at: datetime, *, kept: tuple[str, ...] = (), changed: tuple[str, ...] = ()) -> Case:
        """A person's choice was compared with the suggestion, which was a contract."""
        told = suggestion.CaseSuggestionReviewed(
            case_id=self.id, suggested_by="words@2", confidence=70, kept=kept, changed=changed,
            suggested_category=None if self.protected else "contract", category=self.category,
        )  # fmt: skip
        self.routing.tell(at, told)
        return self

    def triaged(self, at: datetime, **more: Any) -> Case:
        """A dispatcher sorts it."""
        said: dict[str, Any] = {
            "matter_type": "dispute", "category": self.category, "complexity": "general",
            "willingness": "both", "tier": "village",
        }  # fmt: skip
        self.routing.tell(
            at,
            routing.CaseTriaged(case_id=self.id, **(said | more)),
            self.met("triage", at, at + timedelta(hours=1)),
            sla.SlaStarted(**self.clock("assign"), started_at=at, due_at=at + timedelta(hours=1)),
        )
        return self

    def met(self, kind: str, at: datetime, due: datetime, late: bool = False) -> sla.SlaMet:
        """What a clock waited for happened."""
        return sla.SlaMet(**self.clock(kind), due_at=due, stopped_at=at, late=late)

    def assigned(self, at: datetime, unit: str = "") -> Case:
        """A unit gets it; the pick-up clock and that of its class run."""
        unit, pickup, whole = unit or self.unit, at + timedelta(hours=1), at + timedelta(days=3)
        self.routing.tell(
            at,
            routing.CaseAssigned(
                case_id=self.id, lead_unit=unit, tier="village", pickup_due=pickup, due_at=whole
            ),
            self.met("assign", at, pickup),
            sla.SlaStarted(**self.clock("pickup"), started_at=at, due_at=pickup),
            sla.SlaStarted(**self.clock("general"), started_at=at, due_at=whole),
        )
        return self

    def accepted(self, at: datetime, unit: str = "") -> Case:
        """The unit takes it and begins."""
        unit = unit or self.unit
        met = self.met("pickup", at, at + timedelta(minutes=30))
        took = routing.CaseAccepted(case_id=self.id, unit=unit, accepted_at=at)
        self.routing.tell(at, took, met, role="unit_staff")
        began = routing.CaseHandlingStarted(case_id=self.id, unit=unit)
        self.routing.tell(at + timedelta(minutes=1), began, role="unit_staff")
        return self

    def delivered(self, at: datetime, department: str = "court", *, done: bool = True) -> Case:
        """It goes into a department's mailbox and comes back with a result."""
        id = ids.derived("delivery", self.id, department)
        named: dict[str, Any] = {"delivery_id": id, "case_id": self.id, "department": department}
        way = self.of("routing", "delivery", id)
        way.tell(at, delivery.DeliveryQueued(**named, role="lead"), role="service")
        sent, got, took, end = (at + timedelta(minutes=m) for m in (1, 2, 20, 90))
        way.tell(sent, delivery.DeliverySent(**named, attempt=1, sent_at=sent), role="service")
        way.tell(got, delivery.DeliveryReceived(**named, received_at=got), role="service")
        way.tell(took, delivery.DeliveryAccepted(**named, accepted_at=took), role="service")
        if done:
            ended = delivery.DeliveryConcluded(**named, outcome="mediated_written", concluded_at=end)
            way.tell(end, ended, role="service")
        return self

    def mediated(self, at: datetime, *, held: bool = True) -> Case:
        """A sitting is planned and held."""
        mm, session = ids.derived("mm", self.id), ids.derived("session", self.id)
        named: dict[str, Any] = {"mm_id": mm, "case_id": self.id}
        matter = self.of("mediation", "matter", mm)
        opened = mediation.MediationMatterOpened(**named, kind="people", organisation=self.unit)
        matter.tell(at, opened, role="mediator")
        self.routing.tell(at, routing.CaseMediationOpened(case_id=self.id, mm_id=mm), role="service")
        planned = mediation.MediationSessionScheduled(
            **named, session_id=session, mode="centre", start=at + timedelta(hours=1)
        )
        matter.tell(at + timedelta(minutes=5), planned, role="mediator")
        if held:
            sat = mediation.MediationSessionHeld(
                **named, session_id=session, tier="village", mode="centre", outcome="agreed"
            )
            matter.tell(at + timedelta(hours=1), sat, role="mediator")
            self.agreed(at + timedelta(hours=1))
        return self

    def agreed(self, at: datetime) -> None:
        """The agreement takes effect."""
        mm, agr = ids.derived("mm", self.id), ids.derived("agr", self.id)
        effective = mediation.MediationAgreementEffective(
            mm_id=mm, agr_id=agr, case_id=self.id, form="written", effective_at=at
        )
        closed = mediation.MediationMatterClosed(mm_id=mm, case_id=self.id, result="agreed", days=0)
        self.of("mediation", "matter", mm).tell(at, effective, closed, role="mediator")
        reached = routing.CaseAgreementReached(case_id=self.id, agr_id=agr, form="written", tier="village")
        self.routing.tell(at, reached, role="service")

    def breached(self, at: datetime, kind: str = "pickup") -> Case:
        """A clock runs out and supervision is proposed."""
        late = sla.SlaBreached(**self.clock(kind), due_at=at, overdue_min=0, unit=self.unit)
        order = sla.SupervisionProposed(
            order_id=ids.derived("order", self.id, kind), case_id=self.id, kind="county", clock_kind=kind
        )
        self.routing.tell(at, late, order, role="system")
        return self

    def closed(self, at: datetime, outcome: Any = "mediated_written") -> Case:
        """Resolved, called back, verified, closed."""
        end = at + timedelta(days=1)
        self.routing.tell(
            at,
            closing.CaseResolved(case_id=self.id, outcome=outcome, tier="village", days=0),
            self.met("general", at, end),
            self.met("resident", at, end),
            sla.SlaStarted(**self.clock("verify"), started_at=at, due_at=at + timedelta(days=10)),
            role="unit_staff",
        )
        called = closing.CaseCallbackCompleted(case_id=self.id, reached=True, satisfaction=5)
        self.routing.tell(at + timedelta(minutes=10), called, role="verifier")
        verified = closing.CaseVerified(case_id=self.id, outcome=outcome, tier="village")
        checked = at + timedelta(minutes=20)
        self.routing.tell(checked, verified, self.met("verify", checked, end), role="verifier")
        over = at + timedelta(minutes=30)
        ended = closing.CaseClosed(
            case_id=self.id, outcome=outcome, resolved_tier="village", registered_at=MONDAY, closed_at=over
        )
        self.routing.tell(over, ended, role="director")
        return self


def life(n: int = 1, **more: Any) -> Case:
    """A whole case with mediation and a hand-over to a department: about forty events."""
    start = minute(n)
    case = Case(n=n, **more).registered(start).triaged(start + timedelta(minutes=10))
    case.assigned(start + timedelta(minutes=20)).breached(start + timedelta(minutes=80))
    case.accepted(start + timedelta(minutes=90)).delivered(start + timedelta(minutes=91))
    return case.mediated(start + timedelta(minutes=100)).closed(start + timedelta(minutes=200))


def petition_of(case: Case, n: int = 1, *, protected: bool = False, own: Case | None = None) -> Stream:
    """A petition that a person links to the case after a while; `own` is the case that it is itself."""
    case_id = own.id if own else None
    pet = ids.derived("tests", "petition", str(n))
    stream = Stream(service="petition", aggregate="petition", id=pet, region=case.region, protected=protected)
    stream.tell(
        minute(300),
        petition.PetitionRegistered(
            pet_id=pet,
            case_id=case_id,
            legal_type="appeal_request",
            route="article_31_1",
            channel="letter",
            received_at=minute(300),
        ),
        role="petition_officer",
    )
    linked = petition.PetitionLinkedToCase(pet_id=pet, case_id=case.id, confirmed_by_role="petition_officer")
    stream.tell(minute(310), linked, role="petition_officer")
    accepted = petition.PetitionAccepted(
        pet_id=pet, case_id=case_id, unit="petition_office", due_at=minute(90_000)
    )
    return stream.tell(minute(320), accepted, role="petition_officer")


def heard(worker: Worker, bodies: Iterable[bytes]) -> None:
    """The worker hears them in this order."""
    for body in bodies:
        worker.hear(body)


def interleaved(cases: Iterable[Case]) -> Iterator[bytes]:
    """All that is told of several cases, by the time it was told."""
    told = [
        (e.time, e.sequence, body) for case in cases for body in case.bodies() for e in [wire.decode(body)]
    ]
    yield from (body for _, _, body in sorted(told))
