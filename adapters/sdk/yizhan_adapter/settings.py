"""What the surroundings tell an adapter: where its broker, its store and its back office are."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

from yizhan_adapter.errors import Misconfigured

OF_ONE = ("BACK_OFFICE_URL", "ADAPTER_AMQP_URL", "ADAPTER_SECRET", "ADAPTER_SLOT", "ADAPTER_POLL_S")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Read once per process."""

    amqp_url: str
    store: Path
    back_office_url: str
    poll_s: float
    centre_url: str = ""
    queue: str = "inbox"
    by_files: bool = False  # asks and answers cross a gate as bundles of files, not a broker
    log_level: str


def read(department: str, environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings of one department's adapter; raises Misconfigured naming what is missing or wrong."""
    office = environment.get("BACK_OFFICE_URL", "")
    if not office:
        raise Misconfigured("BACK_OFFICE_URL is missing: the address of the department's own system")
    return Settings(
        amqp_url="" if _by_files(environment) else broker_url(department, environment),
        by_files=_by_files(environment),
        store=store_path(department, environment),
        back_office_url=office,
        poll_s=_seconds(environment.get("ADAPTER_POLL_S", "30")),
        log_level=environment.get("LOG_LEVEL", "INFO"),
        centre_url=environment.get("YIZHAN_URL") or environment.get("BASE_URL", ""),
        queue=mailbox_name(environment),
    )


def for_office(id: str, environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The surroundings of one of several offices in a process: NAME_<ID> of it stands for NAME."""
    mark = f"_{id.upper()}"
    own = {name.removesuffix(mark): value for name, value in environment.items() if name.endswith(mark)}
    return dict(environment) | {name: value for name, value in own.items() if name in OF_ONE}


def store_path(department: str, environment: Mapping[str, str] = os.environ) -> Path:
    """Where this department's asks and answers are kept: in a file, or a folder for several departments."""
    beside = (
        environment.get("ADAPTER_FOLDER") or Path(environment.get("YIZHAN_SECRETS", "var/secrets")).parent
    )
    return Path(environment.get("ADAPTER_STORE") or Path(beside) / f"adapter_{department}.sqlite")


def secret(department: str, environment: Mapping[str, str] = os.environ) -> str:
    """The department's password, for its broker user and its machine token."""
    if given := environment.get("ADAPTER_SECRET"):
        return given
    folder = environment.get("YIZHAN_SECRETS", "var/secrets")
    try:
        return (Path(folder) / f"dept_{department}").read_text().strip()
    except OSError as error:
        raise Misconfigured(f"the broker password of {department!r} cannot be read in {folder}") from error


def broker_url(department: str, environment: Mapping[str, str] = os.environ) -> str:
    """The department's mailbox at the centre's broker."""
    return environment.get("ADAPTER_AMQP_URL") or _built(department, environment)


def _built(department: str, environment: Mapping[str, str]) -> str:
    """The URL from the suite's own variables: the broker's address, our secret, the departments' vhost."""
    base = environment.get("AMQP_URL", "")
    if not base:
        raise Misconfigured("ADAPTER_AMQP_URL is missing, and there is no AMQP_URL to build it from")
    password = secret(department, environment)
    at = urlsplit(base)
    host = f"[{at.hostname}]" if ":" in (at.hostname or "") else at.hostname
    port = at.port or (5671 if at.scheme == "amqps" else 5672)
    vhost = quote(environment.get("YIZHAN_EDGE_VHOST", "edge"), safe="")
    slot = environment.get("ADAPTER_SLOT", "a")
    return f"{at.scheme}://dept.{department}.{slot}:{quote(password, safe='')}@{host}:{port}/{vhost}"


def mailbox_name(environment: Mapping[str, str] = os.environ) -> str:
    """Which of the department's two mailboxes is served."""
    name = environment.get("ADAPTER_MAILBOX", "inbox")
    if name not in ("inbox", "sandbox"):
        raise Misconfigured(f"ADAPTER_MAILBOX is inbox or sandbox, not {name!r}")
    return name


def _by_files(environment: Mapping[str, str]) -> bool:
    way = environment.get("ADAPTER_TRANSPORT", "amqp")
    if way not in ("amqp", "bundles"):
        raise Misconfigured(f"ADAPTER_TRANSPORT is amqp or bundles, not {way!r}")
    return way == "bundles"


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError as error:
        raise Misconfigured(f"ADAPTER_POLL_S is not a number: {text!r}") from error
    if not 0.05 <= seconds <= 3_600:
        raise Misconfigured("ADAPTER_POLL_S must be between 0.05 and 3600 seconds")
    return seconds
