"""Makes the secrets of a copy that runs in containers, and hands each process its own.

Run as ``python -m deploy.container.secrets FOLDER``; repeating it makes only what is missing. The folder is
the same as the launcher's; ``FOLDER/for/<process>`` holds copies of what that process may see, and no more.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from deploy.container.views import views
from deploy.local import secrets
from deploy.local.environment import departments
from deploy.local.home import CHECKOUT
from deploy.local.offices import PLATFORMS
from deploy.local.plan import SERVICES


def hand_out(folder: Path, outside: tuple[str, ...]) -> None:
    """Creates what is missing, and brings every view up to date. ``outside`` are the departments."""
    programs = tuple(id for id in PLATFORMS if id in outside)
    secrets.ensure(folder, (*SERVICES, *programs), outside)
    for process, names in views(outside).items():
        view = folder / "for" / process
        view.mkdir(parents=True, exist_ok=True)
        view.chmod(0o700)
        for name in names:
            _copy(folder / name, view / name)
        for stranger in {file.name for file in view.iterdir()} - set(names):
            (view / stranger).unlink()


def _copy(source: Path, target: Path) -> None:
    """As one change, so that a process that reads meanwhile sees the old file or the new one."""
    content = source.read_bytes()
    if target.exists() and target.read_bytes() == content:
        return
    draft = target.with_name(f".{target.name}.new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as out:
        out.write(content)
    draft.rename(target)


if __name__ == "__main__":
    hand_out(Path(sys.argv[1]), departments(CHECKOUT, os.environ))
