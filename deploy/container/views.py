"""Which secrets each process may see: its own, and nobody else's. Plain data, for compose and Kubernetes."""

from __future__ import annotations

from collections.abc import Iterable

from deploy.local.offices import DEPARTMENTS, OFFICES, PLATFORMS
from deploy.local.plan import SERVICES

VAULT = ("vault_key", "index_key")
SEALING = ("intake", "routing", "mediation", "petition", "grid")  # they may keep what people said, sealed
JOBS = ("topology", "mongo")
NAMES = (*SERVICES, *DEPARTMENTS, "offices", *JOBS)


def views(departments: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Process → names of secret files. ``departments`` are those of the county's profile.

    Identity checks the secrets of machines, so it has all of them; topology makes the departments' broker
    users and loads every listener, the sealing ones included.
    """
    outside = tuple(f"dept_{id}" for id in departments)
    found = {service: _service(service) for service in SERVICES}
    programs = tuple(f"service_{id}" for id in PLATFORMS if f"dept_{id}" in outside)
    machines = tuple(f"service_{service}" for service in SERVICES if service != "identity")
    found["identity"] += ("identity_key.pem", "factor_key", "first_admin", *machines, *programs, *outside)
    found |= {id: (f"dept_{id}",) for id in DEPARTMENTS}
    found["offices"] = (*(f"dept_{id}" for id in OFFICES if f"dept_{id}" in outside), *programs)
    return found | {"topology": (*VAULT, *outside), "mongo": ("mongo_keyfile",)}


def _service(name: str) -> tuple[str, ...]:
    return ("jwks.json", f"service_{name}", *(VAULT if name in SEALING else ()))
