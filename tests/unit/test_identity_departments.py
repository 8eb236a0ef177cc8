"""Which passwords of a department's system hold, as its connection goes on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import reduce

import pytest

from services.identity.model.departments import DepartmentAccess
from services.identity.rules.departments import declared, follow, proves
from shared import ids
from shared.contracts.base import Event
from shared.contracts.department import (
    DepartmentAccessChanged,
    DepartmentOffboarded,
    DepartmentOnboarded,
    DepartmentOnboardingRequested,
    DepartmentResumed,
    DepartmentSuspended,
)
from shared.passwords import verifier

NOW = datetime(2026, 5, 6, 9, 0, tzinfo=UTC)
FILE = "secret-of-the-deployment"


def asked(approved: bool) -> Event:
    return DepartmentOnboardingRequested(
        department="forestry", link="mailbox", types=("ask.handle_case.v1",), window=10, heartbeat_s=30,
        requested_by="admin", approved_by="director" if approved else None,
    )  # fmt: skip


def claimed(generation: int, password: str) -> Event:
    slot = "a" if generation % 2 else "b"
    return DepartmentAccessChanged(
        department="forestry", what="claimed", user=slot, generation=generation,  # type: ignore[arg-type]
        verifier=verifier("forestry", password),
    )  # fmt: skip


def rotated(generation: int) -> Event:
    return DepartmentAccessChanged(
        department="forestry", what="rotated", user="b", generation=generation, until=NOW + timedelta(days=1)
    )


ONBOARDED = DepartmentOnboarded(
    department="forestry", link="mailbox", types=("ask.handle_case.v1",), window=10, heartbeat_s=30
)
SUSPENDED = DepartmentSuspended(department="forestry", reason="misuse")
RESUMED = DepartmentResumed(department="forestry")
GONE = DepartmentOffboarded(department="forestry")
AT_RUN_TIME = (asked(False), asked(True), claimed(1, "first"), ONBOARDED)


def after(*told: Event) -> DepartmentAccess:
    """The access after these events."""

    def one(access: DepartmentAccess | None, event: Event) -> DepartmentAccess | None:
        decided = follow(access, event, "forestry", "990101", ids.new())
        return decided.state if decided else access

    found = reduce(one, told, None)
    assert found is not None
    return found


def opens(access: DepartmentAccess, secret: str, at: datetime = NOW, deployed: str = "") -> bool:
    return access.open and proves(access, at, secret, deployed, verifier)


def test_a_department_onboarded_at_run_time_signs_in_with_the_password_it_claimed() -> None:
    access = after(*AT_RUN_TIME)

    assert opens(access, "first")
    assert not opens(access, "second") and not opens(access, "")
    assert "first" not in repr(access)


def test_before_the_password_was_claimed_nothing_opens() -> None:
    access = after(asked(False), asked(True))

    assert not opens(access, "") and not opens(access, "first") and not opens(access, FILE, deployed=FILE)


def test_a_department_of_the_file_signs_in_with_the_secret_of_the_deployment() -> None:
    assert opens(declared("court", "990101"), FILE, deployed=FILE)
    assert opens(after(ONBOARDED), FILE, deployed=FILE)
    assert not opens(after(ONBOARDED), "", deployed="")


def test_both_passwords_hold_for_a_day_after_the_change_over() -> None:
    access = after(*AT_RUN_TIME, rotated(2), claimed(2, "second"))
    later = NOW + timedelta(days=1)

    assert opens(access, "first") and opens(access, "second")
    assert not opens(access, "first", at=later) and opens(access, "second", at=later)


def test_the_deployments_secret_ends_a_day_after_the_first_change_over() -> None:
    access = after(ONBOARDED, rotated(2), claimed(2, "second"))

    assert opens(access, FILE, deployed=FILE)
    assert not opens(access, FILE, at=NOW + timedelta(days=1), deployed=FILE)


@pytest.mark.parametrize("end", [SUSPENDED, GONE])
def test_whoever_rests_or_is_gone_cannot_sign_in_and_its_tokens_end(end: Event) -> None:
    before = after(*AT_RUN_TIME)
    decided = follow(before, end, "forestry", "990101", "new-session")

    assert decided and not opens(decided.state, "first")
    assert (decided.state.ended, decided.state.session) == (before.session, "new-session")


def test_what_held_before_a_rest_holds_after_it() -> None:
    assert opens(after(*AT_RUN_TIME, SUSPENDED, RESUMED), "first")


def test_a_department_that_comes_back_begins_with_a_new_password() -> None:
    access = after(ONBOARDED, GONE, asked(False), asked(True), claimed(1, "again"))

    assert opens(access, "again")
    assert not opens(access, FILE, deployed=FILE)
