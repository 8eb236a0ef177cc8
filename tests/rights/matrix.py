"""Tries every operation as everybody from everywhere, and says where the answer is not what the table says.

The operations come from the services' own descriptions, the expectation from `table.txt`, the things that the
addresses lead to from a small county in memory.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from services.identity.handlers.start import begin
from services.identity.model import ROLES
from shared import ids
from shared.profile import load
from shared.web.openapi import operations
from tests.fuzz.house import COMMITTEE, VILLAGE, House, app_stores
from tests.rights.bodies import body
from tests.rights.table import Row, rows
from tests.signing import bearer, department, machine

POSTS = (*sorted(ROLES), "service", "department", "")
INSIDE = {
    "village": (VILLAGE, COMMITTEE),
    "township": ("990101101", "centre_101"),
    "county": ("990101", "centre_county"),
}
OUTSIDE = {
    "other village": ("990101101202", "committee_101202"), "other township": ("990101102", "centre_102"),
    "other county": ("990102", "centre_elsewhere"),
}  # fmt: skip
HIDES = (401, 403, 404)
UNREAD = (400, 405, 413, 415, 422)
"""Answers that say the request cannot be read, before anybody asked what it is about."""
NOTHING = ids.derived("rights", "nothing")
PLACES = {
    "code": VILLAGE, "no": "1", "number": "1", "sha256": "0" * 64, "centre": "centre_county",
    "unit": "centre_101", "day": "2026-05-06",
}  # fmt: skip
FEW = ("county", "other township")
UNIT_BOUND = ("unit_head", "unit_staff", "mediator")
"""They see what their own unit has; that it is another one's is another refusal."""
VILLAGERS: set[str] = set()
"""Ids of what lies in the village; no list shows one of them to outsiders."""


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Somebody with one post in one place."""

    post: str
    where: str
    region: str
    unit: str

    @property
    def headers(self) -> dict[str, str]:
        """How they sign in."""
        if self.where == "nowhere":
            return {}
        if self.post == "service":
            return machine("routing")
        if self.post == "department":
            return department(self.unit)
        who = ids.derived("rights", f"{self.post}/{self.region}")
        return bearer(*((self.post,) if self.post else ()), ref=who, region=self.region, unit=self.unit)


@dataclass(kw_only=True)
class Tried:
    """How many combinations were tried, how many of them said something about regions, and what is wrong."""

    operations: int = 0
    combinations: int = 0
    by_region: int = 0
    kept_out: int = 0
    wrong: list[str] = field(default_factory=list)


@dataclass(kw_only=True)
class County:
    """All services in memory, with one thing of each kind in one village."""

    house: House = field(default_factory=House)

    def __post_init__(self) -> None:
        profile = load(Path("profiles/xx-county.yaml"))
        begin(app_stores(self.house.apps["identity"]), profile, "first-admin-for-tests")
        account = {
            "username": "rights.village", "name": "某人", "roles": ["clerk"], "unit": COMMITTEE,
            "region": VILLAGE,
        }  # fmt: skip
        made = self.call("identity", "POST", "/identity/accounts", bearer("sys_admin"), account)
        self.account = made.json["id"]
        for known in (self.house.known(service) for service in self.house.apps):
            VILLAGERS.update(id for id in known[""] if len(id) == 36 and id != NOTHING)

    def call(self, service: str, method: str, path: str, headers: Mapping[str, str], sent: Any = None) -> Any:
        """One request."""
        more = {"json": sent} if sent is not None else {}
        return self.clients[service].open(path, method=method, headers=dict(headers), **more)

    @cached_property
    def clients(self) -> dict[str, Any]:
        return {name: app.test_client() for name, app in self.house.apps.items()}

    @cached_property
    def things(self) -> dict[str, dict[str, str]]:
        """An id for each name that an address uses, by service."""
        found = {service: self.house.known(service) for service in self.house.apps}
        first = {
            s: {name: values[0] for name, values in known.items() if values} for s, known in found.items()
        }
        first["intake"]["id"] = found["intake"]["id"][0]
        first["identity"]["account_id"] = self.account
        first["reporting"]["ref"] = first["routing"]["case_id"]
        return first

    def described(self) -> Iterator[tuple[str, str, str, Any, Any]]:
        """Service, method, path as described, the description, the operation."""
        for service, client in self.clients.items():
            described = json.loads(client.get(f"/{service}/openapi.json").data)
            for path, method, operation in operations(described):
                yield service, method.upper(), path, described, operation

    def address(self, service: str, path: str) -> str:
        """The address of something that is there, where there is one."""
        known = self.things[service] | PLACES
        return re.sub(r"\{(\w+)\}", lambda name: known.get(name[1], NOTHING), path)


def try_all(county: County, share: int = 1) -> Tried:
    """Every operation by every post from every place; with a share, by each so manieth who may not.

    With a share, whoever may calls from two places alone: the county, and another township.
    """
    table, tried = rows(), Tried()
    for service, method, path, described, operation in county.described():
        row = table.get(f"{method} {path}")
        if row is not None:
            tried.operations += 1
            sent = body(described, operation)
            for caller in (Caller(post="", where="nowhere", region="", unit=""), *_callers(row, share)):
                _try(county, tried, row, caller, (service, method, county.address(service, path), sent))
    return tried


def _try(county: County, tried: Tried, row: Row, caller: Caller, asked: tuple[str, str, str, Any]) -> None:
    service, method, path, sent = asked
    reply = county.call(service, method, path, caller.headers, sent)
    tried.combinations += 1
    who, answer = f"{caller.post or 'no post'} of {caller.where}", f"{reply.status_code} {_code(reply)}"
    if complaint := _complaint(row, caller, reply):
        tried.wrong.append(f"{row.operation}: {who} {complaint}, got {answer}")
    if caller.where in OUTSIDE:
        tried.by_region += 1
        tried.kept_out += reply.status_code in HIDES


def _callers(row: Row, share: int) -> Iterator[Caller]:
    """Who may not call is tried from the county alone: the post is asked before the place."""
    if "everybody" in row.posts:
        return
    for n, post in enumerate(POSTS, len(row.operation)):
        admitted = row.admits(post)
        bound = (
            admitted and row.scope in ("region", "list", "county") and post not in ("service", "department")
        )
        if admitted or n % share == 0:
            yield from _everywhere(post, share) if bound else [_at("county", post)]


def _everywhere(post: str, share: int) -> Iterator[Caller]:
    yield from (_at(where, post) for where in (INSIDE | OUTSIDE if share == 1 else FEW))


def _at(where: str, post: str) -> Caller:
    region, unit = (INSIDE | OUTSIDE)[where]
    return Caller(post=post, where=where, region=region, unit="court" if post == "department" else unit)


def _complaint(row: Row, caller: Caller, reply: Any) -> str:
    """What is wrong with an answer, or nothing."""
    code, status = _code(reply), reply.status_code
    if status >= 500:
        return "should get an answer"
    if caller.where == "nowhere":
        return "should be asked to sign in" if status != 401 and "everybody" not in row.posts else ""
    refused = status == 401 or (status == 403 and code == "role_missing")
    if not row.admits(caller.post):
        return "" if refused or ("nobody" in row.posts and status in HIDES) else "should be kept out"
    if refused and row.scope != "own":
        return "should be let in"
    return _of_region(row, caller, reply, code)


def _of_region(row: Row, caller: Caller, reply: Any, code: str) -> str:
    if row.scope == "county":
        return "" if (reply.status_code in HIDES) == (caller.where != "county") else "is of no whole county"
    if caller.where in INSIDE:
        wrong = row.scope == "region" and code == "out_of_region" and caller.post not in UNIT_BOUND
        return "is inside, and was told to be outside" if wrong else ""
    if row.scope == "region":
        return "is outside" if reply.status_code not in (*HIDES, *UNREAD) else ""
    shown = [id for id in VILLAGERS if id in reply.get_data(as_text=True)]
    return f"is outside, and is shown {shown[0]}" if shown else ""


def _code(reply: Any) -> str:
    found = reply.get_json(silent=True) if reply.is_json and reply.data else None
    return str(found.get("code", "")) if isinstance(found, dict) else ""
