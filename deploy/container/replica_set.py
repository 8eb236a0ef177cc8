"""Makes a lone mongod the primary of its own replica set, once: `python -m deploy.container.replica_set`.

MONGO_URL names the server, the user and the set. Where an operator or an administrator has made the set
already, nothing changes.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError
from pymongo.uri_parser import parse_uri

from shared.settings import settings

ALREADY = 23  # the server's code for a set that exists
WAIT = 60.0


def begin(url: str, seconds: float = WAIT) -> bool:
    """Whether the set has a primary now; starts it where there is none, and waits for a server that boots."""
    named = parse_uri(url)
    (host, port), *_ = named["nodelist"]
    until = time.monotonic() + seconds
    with _alone(host, port, named) as server:
        while time.monotonic() < until:
            with suppress(PyMongoError):
                if _is_primary(server, named["options"]["replicaSet"], f"{host}:{port}"):
                    return True
            time.sleep(0.5)
    return False


def _alone(host: str, port: int, named: Mapping[str, Any]) -> MongoClient[dict[str, Any]]:
    """The one server as it is, whether or not it belongs to a set."""
    return MongoClient(
        host,
        port,
        username=named["username"],
        password=named["password"],
        authSource="admin",
        directConnection=True,
        serverSelectionTimeoutMS=2_000,
    )


def _is_primary(server: MongoClient[dict[str, Any]], name: str, address: str) -> bool:
    hello = server.admin.command("hello")
    if hello.get("isWritablePrimary"):
        return bool(hello.get("setName"))
    try:
        server.admin.command("replSetInitiate", {"_id": name, "members": [{"_id": 0, "host": address}]})
    except OperationFailure as error:
        if error.code != ALREADY:
            raise
    return False


if __name__ == "__main__":
    sys.exit(0 if begin(settings().mongo_url) else 1)
