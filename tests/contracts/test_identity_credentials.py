"""What identity keeps, in memory and in the real database, behaves alike."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.identity.model import Account, StandIn, Unit
from services.identity.model.organisation import Posting
from services.identity.model.proof import Credential, Device, Session, Step
from services.identity.store import (
    ACCOUNTS,
    UNITS,
    AccountDocument,
    AccountStore,
    MemoryAccounts,
    MemoryRegionals,
    MongoAccounts,
    MongoRegionals,
    RegionalStore,
    UnitDocument,
)
from services.identity.store.credentials import Credentials, MemoryCredentials, MongoCredentials
from services.identity.store.devices import (
    DEVICES,
    DeviceDocument,
    DeviceStore,
    MemoryDevices,
    MongoDevices,
)
from services.identity.store.organisation import (
    POSTINGS,
    MemoryOfUnit,
    MongoOfUnit,
    PostingDocument,
    UnitStore,
)
from services.identity.store.sessions import MemorySessions, MongoSessions, Sessions
from services.identity.store.steps import MemorySteps, MongoSteps, Steps
from shared import ids
from shared.contracts.access import DeviceBound
from shared.contracts.identity import AccountOpened, UnitOpened
from shared.contracts.organisation import PostingBegun
from shared.database import open_database
from shared.decision import Cause, Decision
from tests.servers import TestServers

AT = datetime(2026, 5, 6, 9, 0, tzinfo=UTC)
FIRST = Credential(password="hash-1", must_change=True, changed_at=AT)


@pytest.fixture(params=["memory", "mongo"])
def kind(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """In memory, then in the real database."""
    if request.param == "memory":
        yield "memory"
        return
    servers: TestServers = request.getfixturevalue("servers")
    with servers.entered(monkeypatch):
        open_database("identity")
        yield "mongo"


@pytest.fixture
def credentials(kind: str) -> Credentials:
    if kind == "memory":
        return MemoryCredentials()
    found = MongoCredentials("identity")
    found.prepare()
    return found


@pytest.fixture
def accounts(kind: str) -> AccountStore:
    if kind == "memory":
        return MemoryAccounts(ACCOUNTS)
    found = MongoAccounts(ACCOUNTS, AccountDocument, Account)
    found.prepare()
    return found


@pytest.fixture
def steps(kind: str) -> Steps:
    if kind == "memory":
        return MemorySteps()
    found = MongoSteps("identity")
    found.prepare()
    return found


@pytest.fixture
def sessions(kind: str) -> Sessions:
    if kind == "memory":
        return MemorySessions()
    found = MongoSessions("identity")
    found.prepare()
    return found


@pytest.fixture
def devices(kind: str) -> DeviceStore:
    if kind == "memory":
        return MemoryDevices(DEVICES)
    found = MongoDevices(DEVICES, DeviceDocument, Device)
    found.prepare()
    return found


def test_the_first_credential_stays_until_the_password_changes(credentials: Credentials) -> None:
    assert credentials.create("a", FIRST)
    assert not credentials.create("a", Credential(password="hash-2", must_change=False, changed_at=AT))
    assert credentials.find("a") == FIRST

    credentials.set_password("a", "hash-3", must_change=False, at=AT)

    assert credentials.find("a") == Credential(password="hash-3", must_change=False, changed_at=AT)


def test_wrong_passwords_are_counted_one_by_one(credentials: Credentials) -> None:
    credentials.create("a", FIRST)

    counts: list[int] = []
    tries = [threading.Thread(target=lambda: counts.append(credentials.failed("a"))) for _ in range(4)]
    for each in tries:
        each.start()
    for each in tries:
        each.join()
    credentials.forgive("a")

    assert sorted(counts) == [1, 2, 3, 4]
    assert credentials.failed("a") == 1


def test_nobody_has_no_credential(credentials: Credentials) -> None:
    assert credentials.find("nobody") is None
    assert credentials.failed("nobody") == 0
    assert credentials.admit("nobody", "s1") == ""
    assert credentials.ended() == []


def test_a_new_session_ends_the_one_before(credentials: Credentials) -> None:
    credentials.create("a", FIRST)
    credentials.failed("a")

    ended = [
        credentials.admit("a", "s1"),
        credentials.admit("a", "s2"),
        credentials.end("a"),
        credentials.end("a"),
    ]

    kept = credentials.find("a")
    assert ended == ["", "s1", "s2", ""]
    assert sorted(credentials.ended()) == ["s1", "s2"]
    assert kept is not None
    assert (kept.session, kept.failures) == ("", 0)


def opened(region: str, **more: Any) -> Decision[Account]:
    account = Account(
        username="x", name="某人", roles=("clerk",), unit="u", region=region, opened_at=AT, **more
    )
    told = AccountOpened(account_id=ids.new(), roles=("clerk",), unit="centre_101", region=region)
    return Decision(state=account, events=(told,))


def test_a_region_lists_its_subtree_in_pieces(accounts: AccountStore) -> None:
    for id, region in (("c", "990101101"), ("a", "990101"), ("b", "990101101201"), ("d", "990102")):
        accounts.open(id, Cause(at=AT), lambda state, region=region: opened(region))  # type: ignore[misc]

    assert [held.id for held in accounts.within("990101")] == ["a", "b", "c"]
    assert [held.id for held in accounts.within("990101101", limit=1)] == ["b"]
    assert [held.id for held in accounts.within("990101101", after="b")] == ["c"]
    assert [held.state.opened_at for held in accounts.within("990102")] == [AT]


def test_a_second_factors_codes_are_used_once(credentials: Credentials) -> None:
    credentials.create("a", FIRST)
    credentials.set_factor("a", b"sealed", ("m1", "m2"), 7)

    used = [credentials.use_step("a", step) for step in (7, 8, 8, 6, 9)]
    codes = [credentials.use_recovery("a", mark) for mark in ("m1", "m1", "m3")]

    kept = credentials.find("a")
    assert (used, codes) == ([False, True, False, False, True], [True, False, False])
    assert kept is not None
    assert (kept.totp, kept.totp_step, kept.recovery) == (b"sealed", 9, ("m2",))
    assert not credentials.use_step("nobody", 1)
    assert not credentials.use_recovery("nobody", "m1")


def test_rests_are_counted_until_somebody_signs_in(credentials: Credentials) -> None:
    credentials.create("a", FIRST)
    credentials.failed("a")

    before = [credentials.rested("a"), credentials.rested("a")]
    credentials.end("a")
    still = credentials.rested("a")
    credentials.admit("a", "s1")

    assert (before, still, credentials.rested("a")) == ([0, 1], 2, 0)
    assert credentials.failed("a") == 1
    assert credentials.rested("nobody") == 0


def test_earlier_passwords_are_remembered(credentials: Credentials) -> None:
    credentials.create("a", FIRST)

    credentials.set_password("a", "hash-2", must_change=False, at=AT, earlier=("hash-1", "hash-0"))

    kept = credentials.find("a")
    assert kept is not None
    assert kept.earlier == ("hash-1", "hash-0")


def test_half_a_sign_in_is_finished_once(steps: Steps) -> None:
    step = Step(account="a", purpose="sign_in", until=AT, challenge=b"q", more={"names": ["password"]})
    steps.put("t", step)

    misses = [steps.miss("t"), steps.miss("t"), steps.miss("other")]
    found, taken, again = steps.find("t"), steps.take("t"), steps.take("t")

    assert (misses, again) == ([1, 2, 0], None)
    assert found == taken
    assert taken is not None
    assert (taken.challenge, taken.more, taken.until, taken.misses) == (b"q", {"names": ["password"]}, AT, 2)


def test_a_keys_count_must_grow_and_one_that_never_counts_may_stay(steps: Steps) -> None:
    assert [steps.signed("k", n) for n in (1, 2, 2, 1, 0, 5)] == [True, True, False, False, False, True]
    assert [steps.signed("z", n) for n in (0, 0, 3, 0)] == [True, True, True, False]


def test_a_look_belongs_to_one_account(steps: Steps) -> None:
    assert [steps.claim("ll", "a"), steps.claim("ll", "a"), steps.claim("ll", "b")] == [True, True, False]


def test_sign_ins_are_listed_the_latest_first_and_end_once(sessions: Sessions) -> None:
    for n in (1, 2, 3):
        at = AT + timedelta(hours=n)
        began = Session(id=f"s{n}", account="a", started_at=at, seen_at=at, until=at, proofs=("password",))
        sessions.begin(began)
    sessions.seen("s3", AT + timedelta(hours=9))
    sessions.seen("s3", AT)

    over = [
        sessions.finish("s1", AT, "ended"),
        sessions.finish("s1", AT, "idle"),
        sessions.finish("x", AT, ""),
    ]

    assert over == [True, False, False]
    assert [(s.id, s.why) for s in sessions.of("a")] == [("s3", ""), ("s2", ""), ("s1", "ended")]
    assert [s.id for s in sessions.of("a", limit=1)] == ["s3"]
    found = sessions.find("s3")
    assert found is not None
    assert (found.seen_at, found.proofs, found.ended_at) == (AT + timedelta(hours=9), ("password",), None)
    assert sessions.find("nobody") is None


def machine(devices: DeviceStore, id: str, account: str, region: str, state: Any) -> None:
    asked = Device(
        account=account, kind="webauthn", label="窗口", key_id=id, public_key=b"k", region=region,
        state=state, asked_at=AT,
    )  # fmt: skip
    told = DeviceBound(device_id=ids.new(), account_id=ids.new(), kind="webauthn")
    devices.open(id, Cause(at=AT), lambda _: Decision(state=asked, events=(told,)))


def test_machines_are_found_by_account_and_those_that_wait_by_region(devices: DeviceStore) -> None:
    machine(devices, "d1", "a", "990101101", "active")
    machine(devices, "d2", "a", "990101101", "waiting")
    machine(devices, "d3", "b", "990102", "waiting")

    assert [held.id for held in devices.of("a")] == ["d1", "d2"]
    assert [held.id for held in devices.waiting("990101")] == ["d2"]
    assert devices.waiting("990101", after="d2") == []
    assert devices.load("d1").state.public_key == b"k"


@pytest.fixture
def postings(kind: str) -> UnitStore[Posting]:
    if kind == "memory":
        return MemoryOfUnit(POSTINGS)
    found: MongoOfUnit[Posting] = MongoOfUnit(POSTINGS, PostingDocument, Posting)
    found.prepare()
    return found


def test_what_belongs_to_a_unit_is_found_by_it(postings: UnitStore[Posting]) -> None:
    for id, unit in (("p1", "centre_101"), ("p2", "centre_102"), ("p3", "centre_101")):
        asked = Posting(unit=unit, region="990101101", post="director", account="a", since="2026-01-01")
        told = PostingBegun(posting_id=ids.new(), unit=unit, post="director", account_id=ids.new())
        decision = Decision(state=asked, events=(told,))
        postings.open(id, Cause(at=AT), lambda _, decision=decision: decision)  # type: ignore[misc]

    assert [held.id for held in postings.of("centre_101")] == ["p1", "p3"]
    assert postings.of("nowhere") == []
    assert postings.load("p2").state.holds("2026-01-01")


def test_units_are_listed_by_kind(kind: str) -> None:
    units: RegionalStore[Unit] = MemoryRegionals(UNITS)
    if kind == "mongo":
        units = MongoRegionals(UNITS, UnitDocument, Unit)
    for code, of in (("a", "court"), ("b", "police"), ("c", "ngo")):
        told = UnitOpened(unit=f"unit_{code}", kind=of, region="990101")
        made = Decision(state=Unit(code=code, name=code, kind=of, region="990101"), events=(told,))
        units.open(code, Cause(at=AT), lambda _, made=made: made)  # type: ignore[misc]

    assert [held.id for held in units.within("990101", kinds=("court", "ngo"))] == ["a", "c"]
    assert [held.id for held in units.within("990101")] == ["a", "b", "c"]
    assert units.within("990101", kinds=()) == []


def test_accounts_are_found_by_who_stands_in_and_by_the_person_of_the_single_sign_on(
    accounts: AccountStore,
) -> None:
    lent = StandIn(account="b", since=AT, until=AT + timedelta(days=3))
    accounts.open("a", Cause(at=AT), lambda state: opened("990101", stand_in=lent, external="gov|1"))
    accounts.open("c", Cause(at=AT), lambda state: opened("990101"))

    assert [held.id for held in accounts.stood_in_by("b")] == ["a"]
    tied = accounts.of_subject("gov|1")
    assert tied is not None
    assert (tied.id, tied.state.stand_in) == ("a", lent)
    assert accounts.of_subject("") is None
