"""Writes `.env` for docker compose: passwords of the servers, and as whom the containers run.

Run as ``make compose-env`` by the system's own Python: only the standard library is used here. Passwords that
are there already, from the launcher or an earlier run, are kept.
"""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Iterable
from pathlib import Path

from deploy.container.views import NAMES

ROOT = Path(__file__).resolve().parents[2]
NOBODY = 10_001  # the user of the image; ours when root asks, because no process shall run as root


def write(root: Path, owner: tuple[int, int]) -> Path:
    """Makes the folders of the secrets and the file `.env`, for their owner only; returns the file."""
    folder = root / "var" / "secrets"
    for place in (folder, *(folder / "for" / name for name in NAMES)):
        place.mkdir(parents=True, exist_ok=True)
        place.chmod(0o700)
    values = {
        "YIZHAN_UID": str(owner[0]),
        "YIZHAN_GID": str(owner[1]),
        "YIZHAN_BROKER_PASSWORD": _password(folder / "broker_password"),
        "YIZHAN_MONGO_PASSWORD": _password(folder / "mongo_password"),
    }
    file = root / ".env"
    lines = [*(f"{name}={value}" for name, value in values.items()), *_others(file, values)]
    _write(file, "\n".join(lines) + "\n")
    return file


def owner_of(uid: int, gid: int) -> tuple[int, int]:
    """As whom the containers run: whoever asks, unless that is root."""
    return (uid, gid) if uid else (NOBODY, NOBODY)


def give(folder: Path, owner: tuple[int, int]) -> None:
    """Lets the owner read what root has made."""
    for path in (folder, *folder.rglob("*")):
        os.chown(path, *owner, follow_symlinks=False)


def _others(file: Path, ours: Iterable[str]) -> list[str]:
    """The lines that somebody else wrote there, such as YIZHAN_LISTEN."""
    lines = file.read_text().splitlines() if file.exists() else []
    return [line for line in lines if line.partition("=")[0] not in ours]


def _password(file: Path) -> str:
    if not file.exists():
        _write(file, secrets.token_hex() + "\n")
    return file.read_text().strip()


def _write(file: Path, text: str) -> None:
    draft = file.with_name(f"{file.name}.new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as out:
        out.write(text)
    draft.rename(file)


def main() -> int:
    """Writes the file for whoever runs this."""
    owner = owner_of(os.getuid(), os.getgid())
    file = write(ROOT, owner)
    if os.getuid() == 0:
        give(ROOT / "var" / "secrets", owner)
    sys.stdout.write(f"已写入 {file.name}（仅本人可读）。下一步：docker compose up -d --wait\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
