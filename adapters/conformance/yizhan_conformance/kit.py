"""Runs the fourteen cases against one adapter and writes the report that is kept with the department."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pika

from yizhan_conformance import KIT, answers
from yizhan_conformance.asks import CONTENT_TYPE
from yizhan_conformance.cases import CASES, Case
from yizhan_conformance.examination import Examination, Failed, Gate, strict_gate
from yizhan_conformance.files import Files
from yizhan_conformance.process import Candidate
from yizhan_conformance.proxy import Wire
from yizhan_conformance.sandbox import PATIENCE, Sandbox

SCHEMAS = [
    f"{name}@1.0" for name in ("ask.handle_case", *(kind.removesuffix(".v1") for kind in answers.DETAILS))
]
Report = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What is examined: a department, the command of its adapter, and where its broker is."""

    department: str
    command: Sequence[str]
    url: str  # of an operator of the departments' virtual host
    password: str  # of the department's own user
    folder: Path  # for its store and its log; emptied by whoever calls
    environment: Mapping[str, str] = field(default_factory=dict)
    gate: Gate = strict_gate
    patience: float = PATIENCE
    slot: str = "a"  # of the department's pair of users


def examine(subject: Subject, told: Callable[[str], None] = lambda line: None) -> Report:
    """The report: one entry per case, in their order."""
    began = datetime.now(UTC)
    with _examination(subject) as exam:
        results = [_tried(case, exam, told) for case in CASES]
    return {
        "kit": KIT,
        "department": subject.department,
        "at": began.isoformat(timespec="seconds"),
        "schema_versions": SCHEMAS,
        "passed": sum(result["passed"] for result in results),
        "of": len(results),
        "cases": results,
    }


def _tried(case: Case, exam: Examination, told: Callable[[str], None]) -> dict[str, Any]:
    began, fault = time.monotonic(), ""
    try:
        if not exam.candidate.alive:
            exam.restart()
        exam.ready()
        case(exam)
    except (Failed, pika.exceptions.AMQPError) as error:
        fault = str(error) or type(error).__name__
        exam.restart()
    told(f"{'ok    ' if not fault else 'FAILED'} {case.__name__}{': ' if fault else ''}{fault}")
    about = (case.__doc__ or "").partition("\n")[0]
    seconds = round(time.monotonic() - began, 1)
    return {"name": case.__name__, "about": about, "passed": not fault, "fault": fault, "seconds": seconds}


@contextmanager
def _examination(subject: Subject) -> Iterator[Examination]:
    """Everything around the candidate; all of it is gone afterwards."""
    at = urlsplit(subject.url)
    wire, files = Wire(at.hostname or "127.0.0.1", at.port or 5672), Files()
    sandbox = Sandbox(subject.department, subject.url, subject.patience)
    candidate = Candidate(subject.command, _told(subject, wire.port), subject.folder / "candidate.log")
    try:
        candidate.start()
        yield Examination(
            department=subject.department,
            candidate=candidate,
            sandbox=sandbox,
            wire=wire,
            files=files,
            gate=subject.gate,
            outlet=lambda body: _as_department(subject, body),
        )
    finally:
        candidate.kill()
        sandbox.close()
        wire.close()
        files.close()


def _told(subject: Subject, port: int) -> dict[str, str]:
    """The variables of an adapter, of which every language may use what it needs."""
    return {
        **subject.environment,
        "DEPARTMENT": subject.department,
        "ADAPTER_AMQP_URL": _url(subject, "127.0.0.1", port),
        "ADAPTER_MAILBOX": "sandbox",
        "ADAPTER_STORE": str(subject.folder / "store"),
        "ADAPTER_POLL_S": "0.2",
    }


def _url(subject: Subject, host: str, port: int) -> str:
    user = f"dept.{subject.department}.{subject.slot}:{quote(subject.password, safe='')}"
    return f"amqp://{user}@{host}:{port}{urlsplit(subject.url).path}"


def _as_department(subject: Subject, body: bytes) -> None:
    """Publish on the department's own outlet, with the department's own rights."""
    at = urlsplit(subject.url)
    url = _url(subject, at.hostname or "127.0.0.1", at.port or 5672)
    about = pika.BasicProperties(content_type=CONTENT_TYPE, delivery_mode=2)
    with pika.BlockingConnection(pika.URLParameters(url)) as link, link.channel() as channel:
        channel.confirm_delivery()
        channel.basic_publish(f"dept.{subject.department}.trial", "reply", body, about, mandatory=True)
