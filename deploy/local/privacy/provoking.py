"""Makes every address of the suite refuse something, with what people gave in the wrong places.

What it answers is searched like everything else, and so are the logs that it writes meanwhile.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx

from deploy.local.demo.cast import Cast
from deploy.local.plan import SERVICES
from shared import ids

JSON = {"Content-Type": "application/json"}
POSTS = ("clerk", "director", "dispatcher", "mediator", "petition_officer", "verifier")


class Visitors(Cast):
    """Accounts of this search's own; nobody knows the passwords of those the demo opened."""

    def _person(self, username: str, role: str, unit: str, region: str) -> Any:
        return super()._person(f"{username}-{self.mark}", role, unit, region)

    mark = secrets.token_hex(3)


@dataclass(frozen=True)
class Provoked:
    """An answer by the address that gave it."""

    where: str
    content: bytes


def provoked(base: str, cast: Visitors, words: dict[str, str]) -> Iterator[Provoked]:
    """The answers to wrong requests at every address. `words`: one value of each kind that people gave."""
    with httpx.Client(base_url=base, timeout=30, trust_env=False) as web:
        tokens = [cast.admin.token(False), *(cast.county_post(role)(False) for role in POSTS)]
        for service in SERVICES:
            described = web.get(f"/{service}/openapi.json").json()
            for path, operations in described["paths"].items():
                for method, operation in operations.items():
                    yield from _wrong(web, tokens, words, (method, path, operation))
        yield from _strange(web, tokens[0], words)


def _wrong(
    web: httpx.Client, tokens: list[str], words: dict[str, str], asked: tuple[str, str, dict[str, Any]]
) -> Iterator[Provoked]:
    """One operation by everybody, until somebody is let through to have the content looked at."""
    method, path, operation = asked
    if method not in ("get", "post", "put", "patch", "delete"):
        return
    address, query = _filled(path, words), _query(operation, words)
    for token in tokens:
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": secrets.token_hex(8)}
        body = None if method in ("get", "delete") else _body(operation, words)
        reply = web.request(method, address, params=query, json=body, headers=headers)
        yield Provoked(f"{method} {path} {reply.status_code}", reply.content + str(reply.headers).encode())
        if reply.status_code not in (401, 403):
            return


def _filled(path: str, words: dict[str, str]) -> str:
    """Ids where ids belong."""
    while "{" in path:
        head, _, rest = path.partition("{")
        path = f"{head}{ids.new()}{rest.partition('}')[2]}"
    return path


def _query(operation: dict[str, Any], words: dict[str, str]) -> dict[str, str]:
    asked = [p["name"] for p in operation.get("parameters", ()) if p.get("in") == "query"]
    return {name: words["phone"] for name in asked}


def _body(operation: dict[str, Any], words: dict[str, str]) -> Any:
    """Every field that it may know, each with something of a person that cannot be right there."""
    values = list(words.values())
    names = (
        "fields",
        "region",
        "reason",
        "purpose",
        "name",
        "phone",
        "summary",
        "category",
        "unit",
        "at",
        "id_no",
    )
    return {name: values[n % len(values)] for n, name in enumerate(names)} | {
        words["name"]: words["text"],
        "parties": [{"role": words["name"], "phone": words["id_no"], "id_no": words["phone"] + "9"}],
    }


def _strange(web: httpx.Client, token: str, words: dict[str, str]) -> Iterator[Provoked]:
    """Half a document, another type, an address that is a sentence, a key that is a name."""
    bearer = {"Authorization": f"Bearer {token}"}
    half = ('{"summary": "' + words["text"]).encode()
    asks: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("POST", "/intake/registrations", {"content": half, "headers": bearer | JSON}),
        ("POST", "/intake/registrations", {"data": {"summary": words["text"]}, "headers": bearer}),
        ("GET", f"/intake/{words['text']}", {"headers": bearer}),
        ("GET", f"/{words['name']}/{words['phone']}", {}),
        ("POST", "/intake/query", {"json": {"query_code": words["name"], "phone_tail": "1234"}}),
        ("POST", "/intake/query/form", {"data": {"query_code": "ABCDEFGH23", "phone_tail": words["phone"]}}),
        ("POST", "/identity/tokens", {"json": {"grant": words["name"], "username": words["name"]}}),
        ("GET", "/routing/cases", {"params": {"after": words["text"]}, "headers": bearer}),
    )  # fmt: skip
    for method, path, more in asks:
        reply = web.request(method, path, **more)
        yield Provoked(f"strange {method} {path.split('/')[1]} {reply.status_code}", reply.content)
