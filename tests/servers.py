"""A real broker and a real database for a test session: private ones, or those of MONGO_URL and AMQP_URL.

A test asks for the fixture ``servers`` and calls ``servers.fresh_environment()``: the variables that the code
reads, with virtual hosts, databases, secrets and a clock that no other test sees. ``servers.broker`` and
``servers.mongod`` can be killed and restarted, and are None where somebody else's are used.
"""

from __future__ import annotations

import os
import secrets as tokens
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from pathlib import Path

import mongoengine
import pytest
from pymongo import MongoClient

from deploy.local import secrets
from deploy.local.environment import departments
from deploy.local.home import CHECKOUT, Home
from deploy.local.management import Management
from deploy.local.plan import SERVICES
from deploy.local.servers import Broker, Mongod, Servers, servers_in
from shared import clock
from shared.settings import settings


@dataclass(frozen=True, kw_only=True)
class TestServers:
    """The servers of this session and what was made on them."""

    __test__ = False

    home: Home
    private: Servers
    mongo_url: str
    amqp_url: str
    amqp_api: str
    _session: str = field(default_factory=lambda: tokens.token_hex(3))
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))
    _vhosts: list[str] = field(default_factory=list)
    _prefixes: list[str] = field(default_factory=list)

    @property
    def broker(self) -> Broker | None:
        return self.private.broker

    @property
    def mongod(self) -> Mongod | None:
        return self.private.mongod

    def fresh_environment(self, **more: str) -> dict[str, str]:
        """Variables for code that shall see nothing of another test; ``more`` adds or replaces some."""
        name = f"t{self._session}_{next(self._numbers)}"
        folder = self.home.var / name
        clock.create(folder / "clock")
        self._prefixes.append(f"{name}_")
        return {
            "MONGO_URL": self.mongo_url,
            "AMQP_URL": self.amqp_url,
            "AMQP_API": self.amqp_api,
            "YIZHAN_DB_PREFIX": f"{name}_",
            "YIZHAN_CORE_VHOST": self._vhost(f"{name}_core"),
            "YIZHAN_EDGE_VHOST": self._vhost(f"{name}_edge"),
            "YIZHAN_SECRETS": str(secrets.ensure(folder / "secrets", SERVICES, _departments())),
            "YIZHAN_CLOCK": str(folder / "clock"),
            "YIZHAN_LADDER_DIVISOR": "1000",
            "LOG_LEVEL": "INFO",
        } | more

    @contextmanager
    def entered(self, monkeypatch: pytest.MonkeyPatch, **more: str) -> Iterator[dict[str, str]]:
        """This process itself lives in a fresh environment for the length of a test."""
        environment = self.fresh_environment(**more)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        settings.cache_clear()
        mongoengine.disconnect_all()
        yield environment
        mongoengine.disconnect_all()
        settings.cache_clear()

    def clean(self) -> None:
        """Removes what was made, for servers that live longer than this session."""
        management = Management(self.amqp_api)
        for vhost in self._vhosts:
            management.delete_vhost(vhost)
        with MongoClient[dict[str, object]](self.mongo_url) as client:
            for database in client.list_database_names():
                if database.startswith(tuple(self._prefixes)):
                    client.drop_database(database)

    def _vhost(self, name: str) -> str:
        self._vhosts.append(name)
        Management(self.amqp_api).ensure_vhost(name)
        return name


@pytest.fixture(scope="session")
def servers() -> Iterator[TestServers]:
    """One broker and one mongod for all tests that ask for them."""
    _sweep()
    home = Home(root=CHECKOUT, var=CHECKOUT / "var" / f"test-{os.getpid()}")
    secrets.ensure(home.secrets)
    given = {name: os.environ.get(name, "") for name in ("MONGO_URL", "AMQP_URL", "AMQP_API")}
    private = servers_in(home, own_broker=not given["AMQP_URL"], own_mongod=not given["MONGO_URL"])
    try:
        private.start()
        started = _session(home, private, given)
        yield started
        if given["AMQP_URL"] or given["MONGO_URL"]:
            started.clean()
    finally:
        private.kill()
        shutil.rmtree(home.var, ignore_errors=True)


def _session(home: Home, private: Servers, given: dict[str, str]) -> TestServers:
    return TestServers(
        home=home,
        private=private,
        mongo_url=private.mongod.url if private.mongod else given["MONGO_URL"],
        amqp_url=private.broker.url if private.broker else given["AMQP_URL"],
        amqp_api=private.broker.api if private.broker else given["AMQP_API"],
    )


@cache
def _departments() -> tuple[str, ...]:
    return departments(CHECKOUT, os.environ)


def _sweep() -> None:
    """Removes what sessions left that were killed; their servers died with them."""
    for folder in (CHECKOUT / "var").glob("test-*"):
        with suppress(ValueError):
            if not Path(f"/proc/{int(folder.name.removeprefix('test-'))}").exists():
                shutil.rmtree(folder, ignore_errors=True)
