"""A change over HTTP acts once, against the version that was read, and tells what it did."""

from __future__ import annotations

import base64
from dataclasses import dataclass, replace
from typing import Any

import pytest
from flask import jsonify
from marshmallow import Schema, fields

from shared import ids
from shared.aggregate import MemoryStore
from shared.aggregate.held import Teller
from shared.contracts import wire
from shared.contracts.base import Event, event
from shared.contracts.fields import Count
from shared.decision import Decision
from shared.web import Answer, answer, blueprint, cause, here, make_app, needs
from tests.signing import bearer, machine


@event("tally.raised", by="intake", about="counter")
class CounterRaised(Event):
    """A counter of this test went up."""

    value: Count


@dataclass(frozen=True, kw_only=True)
class Counter:
    region: str
    value: int = 0


@dataclass(frozen=True, kw_only=True)
class Stores:
    counters: MemoryStore[Counter]


class RaiseSchema(Schema):
    by = fields.Integer(required=True)


class CounterSchema(Answer):
    value = fields.Integer()


blp = blueprint("counters", "Counters for tests")
NAME = ids.derived("counter", "one")


def raised(state: Counter | None, by: int) -> Decision[Counter]:
    """The counter, higher."""
    before = state or Counter(region="990101")
    after = replace(before, value=before.value + by)
    return Decision(state=after, events=(CounterRaised(value=after.value),))


@blp.route("/counters/<counter_id>/raise", methods=["POST"])
@needs("clerk")
@blp.arguments(RaiseSchema)
@blp.response(200, CounterSchema)
def raise_counter(asked: dict[str, Any], counter_id: str) -> Any:
    """Raise a counter."""
    held = here(Stores).counters.open(counter_id, cause(), lambda state: raised(state, asked["by"]))
    return answer(held, {"value": held.state.value})


@blp.route("/causes", methods=["POST"])
@needs("clerk")
def show_cause() -> Any:
    found = cause()
    return jsonify({"actor": found.actor.ref, "role": found.actor.role, "key": found.key,
                    "correlation": found.correlation, "trace": found.traceparent})  # fmt: skip


@pytest.fixture
def client() -> Any:
    stores = Stores(counters=MemoryStore(Teller(service="intake", aggregate="counter")))
    return make_app("intake", [blp], stores=stores).test_client()


def rise(client: Any, by: int, **headers: str) -> Any:
    return client.post(
        f"/intake/counters/{NAME}/raise",
        json={"by": by},
        headers=bearer("clerk") | {name.replace("_", "-"): value for name, value in headers.items()},
    )


def test_an_answer_carries_version_and_etag(client: Any) -> None:
    reply = rise(client, 2)

    assert reply.json == {"id": NAME, "version": 1, "value": 2}
    assert reply.headers["ETag"] == '"1"'


def test_the_same_key_acts_once(client: Any) -> None:
    rise(client, 2, Idempotency_Key="k1")

    again = rise(client, 2, Idempotency_Key="k1")

    assert again.json["value"] == 2


def test_the_same_key_with_another_body_is_refused(client: Any) -> None:
    rise(client, 2, Idempotency_Key="k1")

    reused = rise(client, 3, Idempotency_Key="k1")

    assert (reused.status_code, reused.json["code"]) == (422, "idempotency_key_reused")


def test_the_order_of_fields_makes_no_other_body(client: Any) -> None:
    def send(body: bytes) -> Any:
        return client.post(
            f"/intake/counters/{NAME}/raise",
            data=body,
            content_type="application/json",
            headers=bearer("clerk") | {"Idempotency-Key": "k1"},
        )

    send(b'{"by": 2}')

    assert send(b'{ "by":2 }').status_code == 200


def test_the_same_key_of_somebody_else_is_another_key(client: Any) -> None:
    def key(ref: str) -> str:
        headers = bearer("clerk", ref=ref) | {"Idempotency-Key": "k1"}
        return str(client.post("/intake/causes", json={}, headers=headers).json["key"])

    assert key(ids.derived("a")) != key(ids.derived("b"))
    assert key(ids.derived("a")) == key(ids.derived("a"))


def test_an_old_version_is_412(client: Any) -> None:
    rise(client, 1)
    rise(client, 1)

    stale = rise(client, 1, If_Match='"1"')
    fresh = rise(client, 1, If_Match='"2"')

    assert (stale.status_code, stale.json["version"]) == (412, 2)
    assert fresh.json["version"] == 3


@pytest.mark.parametrize(
    ("header", "value", "code"),
    [
        ("If-Match", "latest", "bad_if_match"),
        ("If-Match", '"-1"', "bad_if_match"),
        ("Idempotency-Key", "k" * 129, "bad_idempotency_key"),
        ("Idempotency-Key", "two words", "bad_idempotency_key"),
    ],
)
def test_headers_that_cannot_be_read_are_400(client: Any, header: str, value: str, code: str) -> None:
    reply = client.post("/intake/causes", json={}, headers=bearer("clerk") | {header: value})

    assert (reply.status_code, reply.json["code"]) == (400, code)


def test_the_cause_keeps_who_and_the_thread_of_the_story(client: Any) -> None:
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    headers = bearer("clerk", ref="someone") | {"traceparent": trace, "X-Correlation-Id": "12345678"}

    reply = client.post("/intake/causes", json={}, headers=headers)

    assert reply.json == {
        "actor": "someone",
        "role": "clerk",
        "key": "",
        "correlation": "12345678",
        "trace": trace,
    }


def test_a_listener_that_missed_events_gets_the_exact_bytes(client: Any) -> None:
    for _ in range(3):
        rise(client, 1)

    reply = client.get(
        f"/intake/events?subject=counter/{NAME}&after=0000000001.00", headers=machine("routing")
    )

    told = [wire.decode(base64.b64decode(body)) for body in reply.json["events"]]
    assert [e.sequence for e in told] == ["0000000002.00", "0000000003.00"]
    assert [e.data for e in told] == [{"value": 2}, {"value": 3}]
    from_the_start = client.get(f"/intake/events?subject=counter/{NAME}&after=", headers=machine("routing"))
    assert len(from_the_start.json["events"]) == 3


def test_only_machines_may_ask_for_events(client: Any) -> None:
    address = f"/intake/events?subject=counter/{NAME}"

    assert client.get(address, headers=bearer("sys_admin")).status_code == 403
    assert client.get("/intake/events?subject=case/1", headers=machine()).status_code == 404
    assert client.get("/intake/events?subject=counter", headers=machine()).status_code == 400
    assert client.get(f"{address}&after=x", headers=machine()).status_code == 400


def test_the_probes_need_no_token_and_name_no_id(client: Any) -> None:
    rise(client, 1)

    metrics = client.get("/intake/metrics").text

    assert client.get("/intake/healthz").status_code == 200
    assert client.get("/intake/readyz").json["ready"] is True
    assert 'route="/intake/counters/<counter_id>/raise"' in metrics
    assert NAME not in metrics


def test_the_description_is_public_and_says_what_a_change_takes(client: Any) -> None:
    described = client.get("/intake/openapi.json").json

    operation = described["paths"]["/intake/counters/{counter_id}/raise"]["post"]
    names = {parameter.get("name") for parameter in operation["parameters"]}
    assert described["openapi"] == "3.1.0"
    assert {"Idempotency-Key", "If-Match"} <= names


def test_the_documentation_page_loads_only_our_own_files(client: Any) -> None:
    page = client.get("/intake/docs").text

    assert "://" not in page
    for file in ("vendor/swagger-ui.css", "vendor/swagger-ui-bundle.js", "docs.js"):
        assert f"/intake/static/{file}" in page
        with client.get(f"/intake/static/{file}") as served:
            assert served.status_code == 200


def test_all_histories_are_told_again_page_by_page(client: Any) -> None:
    address = "/intake/histories?aggregate=counter&limit=2"
    names = sorted(ids.derived(str(n)) for n in range(3))
    for name in names:
        client.post(f"/intake/counters/{name}/raise", json={"by": 1}, headers=bearer("clerk"))

    first = client.get(address, headers=machine()).json
    rest = client.get(f"{address}&after={first['next']}", headers=machine()).json

    assert [item["id"] for item in first["items"] + rest["items"]] == names
    assert (len(first["items"]), rest["next"]) == (2, None)
    assert all(wire.decode(base64.b64decode(item["events"][0])).subject for item in first["items"])
    assert client.get(address, headers=bearer("director")).status_code == 403
    assert client.get("/intake/histories?aggregate=case", headers=machine()).status_code == 404
