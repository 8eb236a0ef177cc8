"""Credentials in memory and in the real database behave alike."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from services.identity.model import Account, Credential
from services.identity.store import ACCOUNTS, AccountDocument, MemoryRegionals, MongoRegionals, RegionalStore
from services.identity.store.credentials import Credentials, MemoryCredentials, MongoCredentials
from shared import ids
from shared.contracts.identity import AccountOpened
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
def accounts(kind: str) -> RegionalStore[Account]:
    if kind == "memory":
        return MemoryRegionals(ACCOUNTS)
    found: MongoRegionals[Account] = MongoRegionals(ACCOUNTS, AccountDocument, Account)
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


def opened(region: str) -> Decision[Account]:
    account = Account(username="x", name="某人", roles=("clerk",), unit="u", region=region, opened_at=AT)
    told = AccountOpened(account_id=ids.new(), roles=("clerk",), unit="centre_101", region=region)
    return Decision(state=account, events=(told,))


def test_a_region_lists_its_subtree_in_pieces(accounts: RegionalStore[Account]) -> None:
    for id, region in (("c", "990101101"), ("a", "990101"), ("b", "990101101201"), ("d", "990102")):
        accounts.open(id, Cause(at=AT), lambda state, region=region: opened(region))  # type: ignore[misc]

    assert [held.id for held in accounts.within("990101")] == ["a", "b", "c"]
    assert [held.id for held in accounts.within("990101101", limit=1)] == ["b"]
    assert [held.id for held in accounts.within("990101101", after="b")] == ["c"]
    assert [held.state.opened_at for held in accounts.within("990102")] == [AT]
