"""The commands for people inside a container: `python -m deploy.container bus parked list`."""

from __future__ import annotations

import click

from services.reporting.cli import reporting
from shared.audit_cli import audit
from shared.bus.cli import bus
from shared.profile_cli import profile
from shared.vault_cli import vault


@click.group()
def main() -> None:
    """一站：在容器里查看与处置。启动和停止由 docker compose 或 Kubernetes 负责。"""


for group in (audit, bus, profile, reporting, vault):
    main.add_command(group)

if __name__ == "__main__":
    main()
