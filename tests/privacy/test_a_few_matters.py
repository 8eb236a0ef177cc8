"""A few matters: nothing of them lies outside the vault, in memory or in a real database; a leak is found."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from typing import Any

import bson
import pytest
from flask.testing import FlaskClient
from prometheus_client import generate_latest

from deploy.local.privacy import vault
from deploy.local.privacy.needles import Haystack, needles
from deploy.local.privacy.places import Place, databases
from deploy.local.privacy.searching import search
from services.intake import store
from services.intake.api import create_app
from services.intake.store import Stores, memory_stores
from shared import crypto
from shared.aggregate import MemoryStore, MongoStore
from shared.aggregate.mongo import converter
from shared.logs import Json
from shared.settings import settings
from tests.api.intake.calls import body, clerk, register
from tests.api.intake.sharing import agree, disclose, sent
from tests.api.intake.test_privacy_requests import DPO
from tests.api.intake.test_vault import reveal
from tests.servers import TestServers
from tests.signing import bearer, secrets_folder

PEOPLE = (
    ("邰临溪", "19900001001", "松岚镇某巷9号院3号楼", "手机店门口放高音喇叭拉客，一早八点放到晚上九点。"),
    ("扈霜华", "19900001004", "青砚镇某岭12号", "透析车次减少，老人赶不上早班，自己搭摩托去。"),
    ("笪云帆", "19900001009", "芦涧乡某湾7号", "包工头拖欠工钱四个月，现在电话也不接了。"),
)  # fmt: skip


@pytest.fixture(params=["memory", "mongo"])
def all(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stores]:
    """Everything intake keeps, in memory and in the real database."""
    if request.param == "memory":
        yield memory_stores()
        return
    servers: TestServers = request.getfixturevalue("servers")
    with servers.entered(monkeypatch):
        for cached in (crypto.sealer, store.stores):
            cached.cache_clear()
        made = store.stores()
        for each in vars(made).values():
            if isinstance(each, MongoStore):
                each.prepare()
        monkeypatch.setenv("YIZHAN_SECRETS", str(secrets_folder()))  # callers sign with the tests' own key
        settings.cache_clear()
        yield made


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """Everything that is logged, as a process writes it."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(Json())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield out
    root.removeHandler(handler)
    root.setLevel(level)


def live(client: FlaskClient, all: Stores) -> list[bytes]:
    """Each matter registered, looked at, disclosed, asked about; then everything wrong. The refusals."""
    agree(client)
    refused: list[bytes] = []
    for name, phone, address, text in PEOPLE:
        parties = [{"role": "applicant", "name": name, "phone": phone, "address": address}]
        made = register(client, summary=text, title=text[:20], parties=parties, place=address)
        assert made.status_code == 201, made.get_json()
        reveal(client, made, clerk())
        refused.append(reveal(client, made, bearer("leader")).data)
        sent(all, made.get_json()["case_id"])
        disclose(client, made.get_json()["case_id"])
        proof = {"query_code": made.get_json()["query_code"], "phone_tail": phone[-4:]}
        asked = client.post(
            "/intake/privacy-requests/online",
            json=proof | {"kind": "correct", "field": "address", "value": address + "东"},
        )
        client.post(
            f"/intake/privacy-requests/{asked.get_json()['id']}/decide",
            json={"decision": "grant"},
            headers=DPO,
        )
        refused += wrong(client, name, phone, text)
    return refused


def wrong(client: FlaskClient, name: str, phone: str, text: str) -> Iterator[bytes]:
    """What people gave in places where it cannot be right."""
    for more in (
        {"category": name}, {"region": phone}, {name: text}, {"parties": [{"role": name, "phone": phone}]},
        {"matter_type": text}, {"received_at": text}, {"summary": [text]}, {"external_ref": text * 9},
    ):  # fmt: skip
        yield client.post("/intake/registrations", json=body(**more), headers=clerk()).data
    yield client.get(f"/intake/{name}/{text}", headers=clerk()).data
    yield client.get(
        "/intake/registrations", query_string={"limit": phone, "after": text}, headers=clerk()
    ).data
    yield client.post("/intake/query", json={"query_code": name, "phone_tail": phone}).data
    yield client.post("/intake/registrations", data=text.encode(), headers=clerk()).data


def kept(all: Stores) -> Iterator[Place]:
    """Everything that is kept and told, wherever it is."""
    if isinstance(all.registrations, MongoStore):
        ours = f"mongo/{settings().db_prefix}"
        yield from (place for place in databases(settings().mongo_url) if place.name.startswith(ours))
        return
    for name, each in vars(all).items():
        if isinstance(each, MemoryStore):
            yield Place(f"memory/{name}", lambda e=each: iter(_dumped(e)))  # type: ignore[misc]
    yield Place("memory/audit", lambda: iter([repr(list(all.audit.entries())).encode()]))


def _dumped(each: MemoryStore[Any]) -> list[bytes]:
    states = [bson.encode(converter.unstructure({"state": held.state})) for held in each.all()]
    return states + [entry["body"] for entry in each.outbox]


def sought(all: Stores) -> Haystack:
    """What people gave, and on the real database also what the vault says when it is opened."""
    opened = vault.given(settings(), all.sealer) if isinstance(all.registrations, MongoStore) else ()
    return Haystack(needles([*opened, *_known()]))


@pytest.mark.requirement("XS-02", "COR-29")
def test_nothing_of_a_few_matters_lies_outside_the_vault_and_a_leak_would_be_found(
    all: Stores, written: io.StringIO
) -> None:
    refused = live(create_app(all).test_client(), all)
    haystack = sought(all)
    answers = [
        Place("answer", lambda: iter(refused)),
        Place("log", lambda: iter([written.getvalue().encode()])),
        Place("metrics", lambda: iter([generate_latest()])),
    ]

    found = search([*answers, *kept(all)], haystack)

    assert found == set()
    assert len(haystack.needles) > 40 and written.getvalue()
    leaks = (f"{PEOPLE[0][0]}来过", PEOPLE[1][3][2:16], f"tel {PEOPLE[2][1]}")
    planted = [Place(f"planted/{n}", lambda t=leak: iter([t.encode()])) for n, leak in enumerate(leaks)]  # type: ignore[misc]
    assert {finding.needle.kind for finding in search(planted, haystack)} == {"name", "text", "phone"}


def _known() -> Iterator[tuple[str, str]]:
    for person in PEOPLE:
        yield from zip(("name", "phone", "address", "text"), person, strict=True)
