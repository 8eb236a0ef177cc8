"""The environment variables by which every process of one running copy finds everything."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dotenv import dotenv_values

from deploy.local.home import Home
from deploy.local.ports import Ports
from deploy.local.servers import Servers
from shared import clock
from shared.profile.source import read_source

PROFILE = "profiles/xx-county.yaml"
OWN_SERVERS = ("MONGO_URL", "AMQP_URL", "AMQP_API")


class Incomplete(ValueError):
    """A real broker is given without the address of its management API."""


def environment(home: Home, servers: Servers, ports: Ports, given: Mapping[str, str]) -> dict[str, str]:
    """Everything of ``given`` (the caller's environment, which has the last word) and what is ours."""
    clock.create(home.clock)
    ours = {
        "BASE_URL": f"http://127.0.0.1:{ports['http']}",
        "YIZHAN_PROFILE": str(home.root / PROFILE),
        "YIZHAN_SECRETS": str(home.secrets),
        "YIZHAN_CLOCK": str(home.clock),
        "YIZHAN_ANCHORS": str(home.var / "anchors"),
        "YIZHAN_MESSAGES": str(home.var / "messages.jsonl"),  # a trial reads there what telephones would show
        "PYTHONUNBUFFERED": "1",
    }
    if servers.mongod is not None:
        ours["MONGO_URL"] = servers.mongod.url
    if servers.broker is not None:
        ours |= {"AMQP_URL": servers.broker.url, "AMQP_API": servers.broker.api}
    complete = ours | dict(given)
    missing = [name for name in OWN_SERVERS if not complete.get(name)]
    if missing:
        raise Incomplete(f"AMQP_URL 需要同时给出 {'、'.join(missing)}")
    return complete


def for_outsiders(complete: Mapping[str, str]) -> dict[str, str]:
    """The same for a department's process: no database, no management, the broker without our password."""
    broker = urlsplit(complete["AMQP_URL"])
    address = f"{broker.scheme}://{broker.netloc.rpartition('@')[2]}"
    return {name: value for name, value in complete.items() if name not in OWN_SERVERS} | {
        "AMQP_URL": address
    }


def departments(root: Path, given: Mapping[str, str]) -> tuple[str, ...]:
    """The ids of the departments of the county's profile: each gets a broker user and so a secret."""
    return tuple(str(department["id"]) for department in _departments(root, given))


def connected(root: Path, given: Mapping[str, str]) -> tuple[str, ...]:
    """Those of them that are reached through an adapter."""
    return tuple(str(one["id"]) for one in _departments(root, given) if one.get("adapter"))


def platforms(root: Path, given: Mapping[str, str]) -> tuple[str, ...]:
    """Those of them that keep copies of cases: their own programs sign in as a service."""
    return tuple(str(one["id"]) for one in _departments(root, given) if one.get("kind") == "platform")


def own_adapters(home: Home) -> dict[str, dict[str, str]]:
    """Adapters of departments onboarded while this copy ran: var/adapters/<id>.env, what each is given."""
    files = sorted((home.var / "adapters").glob("*.env"))
    return {file.stem: {name: str(value) for name, value in dotenv_values(file).items()} for file in files}


def _departments(root: Path, given: Mapping[str, str]) -> list[dict[str, Any]]:
    profile = root / given.get("YIZHAN_PROFILE", PROFILE)
    found: list[dict[str, Any]] = read_source(profile).data["departments"]
    return found


def record(home: Home, complete: Mapping[str, str]) -> None:
    """Keeps what the processes were given, for commands typed in another terminal."""
    names = (*OWN_SERVERS, "BASE_URL", *(name for name in complete if name.startswith("YIZHAN_")))
    file = home.var / "run" / "environment.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as out:
        json.dump({name: complete[name] for name in names}, out)


def recorded(home: Home) -> dict[str, str]:
    """What the processes of this home were given at their last start; empty before the first."""
    try:
        return dict(json.loads((home.var / "run" / "environment.json").read_text()))
    except (OSError, ValueError):
        return {}
