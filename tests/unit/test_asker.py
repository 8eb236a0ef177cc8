"""The address that limits are counted by: the visitor's, not the front door's."""

from __future__ import annotations

from typing import Any

import pytest

from shared.web.asker import BehindDoors, asker

LOCAL = ["127.0.0.1", "::1"]


@pytest.mark.parametrize(
    ("peer", "passed_on", "doors", "wanted"),
    [
        ("10.0.0.9", "", LOCAL, "10.0.0.9"),
        ("10.0.0.9", "1.2.3.4", LOCAL, "10.0.0.9"),  # a stranger says so
        ("127.0.0.1", "10.0.0.9", LOCAL, "10.0.0.9"),
        ("127.0.0.1", "1.2.3.4, 10.0.0.9, 127.0.0.1", LOCAL, "10.0.0.9"),  # two doors, and a lie before them
        ("127.0.0.1", "", LOCAL, "127.0.0.1"),
        ("172.18.0.5", "1.2.3.4, 10.0.0.9", ["*"], "10.0.0.9"),
        ("172.18.0.5", " , ", ["*"], "172.18.0.5"),
    ],
)
def test_doors_are_believed_and_strangers_are_not(
    peer: str, passed_on: str, doors: list[str], wanted: str
) -> None:
    assert asker(peer, passed_on, doors) == wanted


def test_the_application_sees_who_asked() -> None:
    def echo(environ: dict[str, Any], start: Any) -> list[bytes]:
        return [environ["REMOTE_ADDR"].encode()]

    environ = {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "10.0.0.9"}

    assert BehindDoors(echo, LOCAL)(environ, None) == [b"10.0.0.9"]  # type: ignore[arg-type]
