"""What the surroundings tell a process: addresses, names, secrets. Everything else is profile or code."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from environs import Env


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Read once per process; errors list every bad variable at once."""

    mongo_url: str
    amqp_url: str
    amqp_api: str
    db_prefix: str
    core_vhost: str
    edge_vhost: str
    secrets: Path
    profile: Path
    ladder_divisor: int
    ca: Path | None  # certificates that the broker's must be signed by; none: those of the system
    anchors: Path | None  # where heads of audit trails are written down; none: in the log only
    base_url: str
    log_level: str
    s3_endpoint: str  # empty: files lie in the database
    s3_bucket: str
    s3_region: str
    messages: str  # where short messages leave: a gateway's address, or a file; empty: people carry them
    scan: str  # what looks for viruses: clamd:SOCKET, clamd:HOST:PORT, command:PROGRAM; empty: nothing
    origins: tuple[str, ...]  # our addresses as browsers know them: keys of machines sign for these only
    client_certificates: bool  # the front door checks machines' certificates and passes them on
    oidc_issuer: str  # the county's single sign-on; empty: none
    oidc_client: str
    oidc_claim: str  # which of its claims is the user name here
    triage_model: Path | None  # what the county's own history taught; without it the words alone suggest
    link_hours: int  # how long a link for one case opens, for units without a system

    def database(self, service: str) -> str:
        """The name of the one database that only this service opens."""
        return f"{self.db_prefix}{service}"

    def url(self, service: str) -> str:
        """Where to reach another service over HTTP: its own address or the shared one, with its prefix."""
        base = os.environ.get(f"URL_{service.upper()}", self.base_url)
        return f"{base.rstrip('/')}/{service}"

    def secret(self, name: str) -> str:
        """The content of one secret file.

        Raises FileNotFoundError when the key is missing: a service without its key refuses to start.
        """
        return (self.secrets / name).read_text().strip()


@cache
def settings() -> Settings:
    """The settings of this process.

    Raises environs.EnvValidationError naming each variable that is missing or wrong.
    """
    env = Env(eager=False)
    found = Settings(
        mongo_url=env.str("MONGO_URL", "mongodb://127.0.0.1:27017/?replicaSet=rs0"),
        amqp_url=env.str("AMQP_URL", "amqp://guest:guest@127.0.0.1:5672"),
        amqp_api=env.str("AMQP_API", ""),
        db_prefix=env.str("YIZHAN_DB_PREFIX", "yizhan_"),
        core_vhost=env.str("YIZHAN_CORE_VHOST", "core"),
        edge_vhost=env.str("YIZHAN_EDGE_VHOST", "edge"),
        secrets=Path(env.str("YIZHAN_SECRETS", "var/secrets")),
        profile=Path(env.str("YIZHAN_PROFILE", "profiles/xx-county.yaml")),
        ladder_divisor=env.int("YIZHAN_LADDER_DIVISOR", 1),
        ca=Path(file) if (file := env.str("YIZHAN_CA", "")) else None,
        anchors=Path(folder) if (folder := env.str("YIZHAN_ANCHORS", "")) else None,
        base_url=env.str("BASE_URL", "http://127.0.0.1:8700"),
        log_level=env.str("LOG_LEVEL", "INFO"),
        s3_endpoint=env.str("YIZHAN_S3_ENDPOINT", ""),
        s3_bucket=env.str("YIZHAN_S3_BUCKET", "yizhan-files"),
        s3_region=env.str("YIZHAN_S3_REGION", "us-east-1"),
        scan=env.str("YIZHAN_SCAN", ""),
        origins=_origins(env.list("YIZHAN_ORIGINS", []), env.str("BASE_URL", "http://127.0.0.1:8700")),
        client_certificates=env.bool("YIZHAN_CLIENT_CERTS", False),
        oidc_issuer=env.str("YIZHAN_OIDC_ISSUER", ""),
        oidc_client=env.str("YIZHAN_OIDC_CLIENT", "yizhan"),
        oidc_claim=env.str("YIZHAN_OIDC_CLAIM", "preferred_username"),
        messages=env.str("YIZHAN_MESSAGES", ""),
        triage_model=Path(model) if (model := env.str("YIZHAN_TRIAGE_MODEL", "")) else None,
        link_hours=env.int("YIZHAN_LINK_HOURS", 24),
    )
    env.seal()
    return found


def _origins(given: list[str], base: str) -> tuple[str, ...]:
    """What was given; else our base address, by its name `localhost` first: browsers keep keys for names."""
    if given:
        return tuple(origin.rstrip("/") for origin in given)
    address = urlsplit(base)
    own = f"{address.scheme}://{address.netloc}"
    named = own.replace("//127.0.0.1", "//localhost")
    return tuple(dict.fromkeys((named, own)))
