"""One operation called again and again: by whom, with which ids, and what is wrong with the answers."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from services.identity.model import ROLES
from tests.fuzz.house import COMMITTEE, VILLAGE, House
from tests.signing import bearer, department, machine

CHECKS = (
    not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance,
)  # fmt: skip
EXPECTED = (503,)  # something outside is not there: said so, with Retry-After
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)


class Places(logging.Handler):
    """Where in our code the last request failed."""

    last = ""

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the error's type and the innermost places."""
        where = getattr(record, "where", None)
        if where:
            self.last = f"{getattr(record, 'error', '')} at {' < '.join(reversed(where[-4:]))}"


PLACES = Places()


@dataclass(kw_only=True)
class Found:
    """What was called, and what was wrong, each kind of fault once with an example."""

    operations: int = 0
    examples: int = 0
    faults: dict[str, str] = field(default_factory=dict)
    server_errors: int = 0
    undocumented: int = 0
    statuses: dict[int, int] = field(default_factory=dict)

    def note(self, operation: str, case: Any, reply: Any, fault: Any) -> None:
        """Count a fault and keep the first of its kind."""
        bad = reply.status_code >= 500
        self.server_errors, self.undocumented = self.server_errors + bad, self.undocumented + (not bad)
        key = f"{operation} {reply.status_code} {type(fault).__name__}"
        body = f"{str(case.body)[:400]} {PLACES.last if bad else ''}"
        self.faults.setdefault(
            key,
            f"{str(fault)[:300]} | {case.path_parameters} {case.query} {body} -> {reply.text[:300]}",
        )


def callers() -> list[dict[str, str]]:
    """Somebody who may nearly everything, most of the time; a machine, a department, a stranger, nobody."""
    anybody = bearer(*sorted(ROLES - {"display"}), "service")
    village = bearer(*sorted(ROLES - {"display"}), region=VILLAGE, unit=COMMITTEE)
    others = [machine("routing"), department("court"), bearer("clerk", region="990101102"), {}]
    return [*[anybody] * 10, *[village] * 4, *others]


def fuzz(house: House, service: str, examples: int, found: Found, only: str = "") -> None:
    """Call every operation of a service so many times."""
    logging.getLogger("shared.web.errors").addHandler(PLACES)
    logging.getLogger("shared.web.errors").propagate = False
    schema = schemathesis.openapi.from_wsgi(f"/{service}/openapi.json", house.apps[service])
    for result in schema.get_all_operations():
        operation: Any = result.ok()  # type: ignore[union-attr]  # a description nobody can read ends here
        if only in operation.label:
            found.operations += 1
            _operation(house, service, operation, examples, found)
            house.settle()


def _operation(house: House, service: str, operation: Any, examples: int, found: Found) -> None:
    chance = random.Random(operation.label)
    known, who = house.known(service), callers()
    modes = MODES if _has_input(operation) else MODES[:1]
    for mode in modes:
        count = max(1, examples // len(modes))
        cases = operation.as_strategy(generation_mode=mode)
        with suppress(Unsatisfiable):  # nothing can be wrong with it, or hardly anything
            _each(cases, count, lambda case: _call(operation, case, chance, known, who, found))


def _has_input(operation: Any) -> bool:
    return bool(operation.body or operation.query or operation.path_parameters)


def _each(cases: st.SearchStrategy[Any], count: int, call: Callable[[Any], None]) -> None:
    @seed(20260310)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases)
    def run(case: Any) -> None:
        call(case)

    run()


def _call(
    operation: Any,
    case: Any,
    chance: random.Random,
    known: dict[str, list[str]],
    who: list[dict[str, str]],
    found: Found,
) -> None:
    _lead_somewhere(case, chance, known)
    reply = case.call(headers=chance.choice(who))
    found.examples += 1
    found.statuses[reply.status_code] = found.statuses.get(reply.status_code, 0) + 1
    if reply.status_code in EXPECTED:
        return
    try:
        case.validate_response(reply, checks=list(CHECKS))
    except FailureGroup as faults:
        for fault in faults.exceptions:
            found.note(operation.label, case, reply, fault)
    except Failure as fault:
        found.note(operation.label, case, reply, fault)


def _lead_somewhere(case: Any, chance: random.Random, known: dict[str, list[str]]) -> None:
    """Most of the time the ids of an address and of a body are of something that exists."""
    for name in case.path_parameters or {}:
        if name.endswith(("id", "department")) and chance.random() < 0.9:
            case.path_parameters[name] = chance.choice(known.get(name) or known[""])
    if isinstance(case.body, dict):
        for name, value in case.body.items():
            if isinstance(value, str) and name.endswith(("_id", "_ref")) and chance.random() < 0.5:
                case.body[name] = chance.choice(known.get(name) or known[""])
