"""The people of the demo: accounts opened by the first administrator, each with one post and one password."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deploy.local.demo.web import Token, Web
from shared.profile import profile
from shared.settings import settings


def nobody(fresh: bool) -> str:
    """No token."""
    return ""


@dataclass
class Person:
    """One account and its present token."""

    web: Web
    username: str
    password: str
    kept: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def token(self, fresh: bool = False) -> str:
        """A token, signing in when there is none or it has run out."""
        before = self.kept
        with self.lock:
            if not self.kept or (fresh and self.kept == before):
                self.kept = self._sign_in(self.password)
            return self.kept

    def _sign_in(self, password: str) -> str:
        body = {"grant": "password", "username": self.username, "password": password}
        return str(self.web.post("/identity/tokens", nobody, body)["access_token"])


class Cast:
    """Opens an account the first time somebody is needed."""

    def __init__(self, web: Web, secrets_folder: Path) -> None:
        self.web = web
        self.county = profile().county6
        first = (secrets_folder / "first_admin").read_text().strip()
        self.admin = Person(web, "admin", first)
        self.people: dict[str, Person] = {}
        self.lock = threading.Lock()
        self.locks: dict[str, threading.Lock] = {}

    def county_post(self, role: str) -> Token:
        """Somebody with a post at the county centre."""
        return self._person(f"{role}.county".replace("_", "-"), role, "centre_county", self.county)

    def staff_of(self, unit: str) -> Token:
        """Somebody who accepts and handles for a unit."""
        region = profile().all_units[unit].region
        return self._person(f"{unit}.staff".replace("_", "-"), "unit_staff", unit, region)

    def service(self, name: str) -> Token:
        """The machine account of a service: the oracle reads exact events with it."""
        return self._machine(name)

    def every_case(self) -> Iterator[dict[str, Any]]:
        """All cases, as the county's director sees them."""
        after: str | None = ""
        while after is not None:
            query = {"limit": 200} | ({"after": after} if after else {})
            page = self.web.get("/routing/cases", self.county_post("director"), **query)
            yield from page["items"]
            after = page["next"]

    def _person(self, username: str, role: str, unit: str, region: str) -> Token:
        with self.lock:
            lock = self.locks.setdefault(username, threading.Lock())
        with lock:
            if username not in self.people:
                self.people[username] = self._open(username, role, unit, region)
        return self.people[username].token

    def _open(self, username: str, role: str, unit: str, region: str) -> Person:
        first, mine = (f"demo-{secrets.token_urlsafe(12)}" for _ in range(2))
        body = {"username": username, "name": "演示人员", "roles": [role], "unit": unit, "region": region}
        opened = self.web.post("/identity/accounts", self.admin.token, body | {"password": first})
        person = Person(self.web, username, first)
        change = {"old_password": first, "new_password": mine}
        self.web.post(f"/identity/accounts/{opened['id']}/password", person.token, change)
        return Person(self.web, username, mine)

    def _machine(self, name: str) -> Callable[[bool], str]:
        kept: dict[str, str] = {}

        def token(fresh: bool) -> str:
            if fresh or "token" not in kept:
                body = {
                    "grant": "client_credentials",
                    "service": name,
                    "secret": settings().secret(f"service_{name}"),
                }
                kept["token"] = self.web.post("/identity/tokens", nobody, body)["access_token"]
            return kept["token"]

        return token
