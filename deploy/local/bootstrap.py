"""Makes a fresh Debian 12 able to run the suite: system packages, then the Python parts from the hashed lock.

Run as ``python3 -m deploy.local.bootstrap --for demo`` (or test, browser, node; several are allowed) by the
system's own Python: only the standard library is used here. When all is there it takes a blink.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from glob import glob
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
LOG = ROOT / "var" / "log" / "bootstrap.log"
LOCK_STAMP, PROJECT_STAMP = ".lock-sha256", ".projects-sha256"
POLICY = Path(
    "/usr/sbin/policy-rc.d"
)  # what Debian asks before it starts a service that it has just installed


class Need(NamedTuple):
    """A Debian package and how one sees, quickly, that what it brings is there."""

    package: str
    there: Callable[[], bool]
    instead: str = ""  # a variable that gives the address of a real server, and makes ours unnecessary


class Failed(Exception):
    """The installation cannot go on; the message says why and what to do."""

    def __init__(self, message: str, code: int = 1) -> None:
        super().__init__(message)
        self.code = code


def _on_path(program: str) -> Callable[[], bool]:
    return lambda: shutil.which(program) is not None


def _file(pattern: str) -> Callable[[], bool]:
    return lambda: bool(glob(pattern))


VENV_MODULE = Need("python3-venv", lambda: find_spec("ensurepip") is not None)
BROKER = Need("rabbitmq-server", _file("/usr/lib/rabbitmq/bin/rabbitmq-server"), "AMQP_URL")
CURL = Need("libcurl4", _file("/usr/lib/*/libcurl.so.4"), "MONGO_URL")  # mongod links to it
CHROMIUM = Need("chromium", _on_path("chromium"))
FONTS = Need("fonts-noto-cjk", _file("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"))
NODE = Need("nodejs", _on_path("node"))
NPM = Need("npm", _on_path("npm"))

NEEDS: dict[str, tuple[Need, ...]] = {
    "demo": (VENV_MODULE, BROKER, CURL),
    "test": (VENV_MODULE, BROKER, CURL, CHROMIUM, FONTS),
    "browser": (VENV_MODULE, BROKER, CURL, CHROMIUM, FONTS),
    "node": (VENV_MODULE, NODE, NPM),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Exit code 0 when all is there, 2 when root has to install something first, 1 when something failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--for", dest="targets", choices=sorted(NEEDS), nargs="+", default=["demo"])
    targets = parser.parse_args(argv).targets
    try:
        if sys.version_info < (3, 11):  # noqa: UP036  (we have not installed anything yet)
            raise Failed("需要 Python 3.11 或更高版本（Debian 12 自带）。 Python 3.11 or later is needed.")
        needs = [need for target in targets for need in NEEDS[target]]
        system_packages(missing(needs, os.environ), root=os.geteuid() == 0)
        python_parts()
    except Failed as failure:
        print(failure, file=sys.stderr)  # noqa: T201  (a command line speaks)
        return failure.code
    return 0


def missing(needs: Iterable[Need], given: Mapping[str, str]) -> list[str]:
    """Packages to install, each once."""
    wanted = [need for need in needs if not given.get(need.instead)]
    return list(dict.fromkeys(need.package for need in wanted if not need.there()))


def system_packages(packages: Sequence[str], *, root: bool) -> None:
    """Installs them with apt; raises Failed with the one line to run when this is not root."""
    if not packages:
        return
    line = f"apt-get install -y --no-install-recommends {' '.join(packages)}"
    if not root:
        raise Failed(f"缺少系统软件包，请先以 root 运行（run as root first）：\n  {line}", code=2)
    if shutil.which("apt-get") is None:
        raise Failed(f"不是 Debian，请自行安装（install yourself）：{' '.join(packages)}", code=2)
    surroundings = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    with _step(f"安装系统软件包：{' '.join(packages)}"), _no_service_starts():
        known = bool(glob("/var/lib/apt/lists/*_Packages*"))
        if not (known and _run(line.split(), surroundings)):
            _run(["apt-get", "update"], surroundings)
            _must(line.split(), surroundings)
    if BROKER.package in packages:
        # our node is private; Debian's own would start at the next boot and sit on the usual ports
        _run(["update-rc.d", BROKER.package, "disable"], surroundings)


def python_parts() -> None:
    """The virtual environment, the locked packages, this project and the adapters: each only if changed."""
    python = VENV / "bin" / "python"
    if not python.exists():
        with _step("创建 Python 环境 .venv"):
            _must([sys.executable, "-m", "venv", str(VENV)])
    lock = ROOT / "requirements.lock"
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-deps"]
    with _if_changed(VENV / LOCK_STAMP, [lock]) as changed:
        if changed:
            with _step("安装 Python 依赖（按带校验和的锁定文件，首次约需几分钟）"):
                _twice([*pip, "--require-hashes", "-r", str(lock)])
    projects = [ROOT, *sorted(path.parent for path in ROOT.glob("adapters/*/pyproject.toml"))]
    with _if_changed(VENV / PROJECT_STAMP, [project / "pyproject.toml" for project in projects]) as changed:
        if changed:
            editable = [word for project in projects for word in ("-e", str(project))]
            with _step("登记本项目和部门适配器"):
                for card in strangers(VENV, projects):
                    shutil.rmtree(card)
                _must([*pip, "--no-build-isolation", *editable])


def strangers(venv: Path, projects: Iterable[Path]) -> list[Path]:
    """Cards of projects of this checkout that are no more: their plug-ins would still be found, and fail."""
    known = {project.resolve().as_uri() for project in projects}
    cards = (file for file in venv.glob("lib/python*/site-packages/*.dist-info/direct_url.json"))
    found = ((file.parent, json.loads(file.read_text()).get("url", "")) for file in cards)
    return sorted(card for card, url in found if url.startswith(ROOT.as_uri()) and url not in known)


def fingerprint(files: Iterable[Path]) -> str:
    """Tells one content of these files, at this place, from another."""
    digest = sha256()
    for file in files:
        digest.update(str(file).encode() + file.read_bytes())
    return digest.hexdigest()


@contextmanager
def _if_changed(stamp: Path, files: Sequence[Path]) -> Iterator[bool]:
    """Gives whether the files differ from those of the last success, and remembers a new success."""
    present = fingerprint(files)
    yield not stamp.exists() or stamp.read_text() != present
    stamp.write_text(present)


@contextmanager
def _no_service_starts() -> Iterator[None]:
    """While packages are installed none of them may start a service; an administrator's own rule is kept."""
    ours = not POLICY.exists()
    if ours:
        POLICY.write_text("#!/bin/sh\nexit 101\n")
        POLICY.chmod(0o755)
    try:
        yield
    finally:
        if ours:
            POLICY.unlink(missing_ok=True)


@contextmanager
def _step(words: str) -> Iterator[None]:
    """One progress line, completed by the time it took."""
    began = time.monotonic()
    print(f"{words} …", end="", flush=True)  # noqa: T201
    try:
        yield
    except Failed:
        print(" 失败", flush=True)  # noqa: T201
        raise
    print(f" {time.monotonic() - began:.0f} 秒", flush=True)  # noqa: T201


def _twice(argv: Sequence[str]) -> None:
    """Networks fail now and then: one more try."""
    if not _run(argv):
        _must(argv)


def _must(argv: Sequence[str], surroundings: dict[str, str] | None = None) -> None:
    if not _run(argv, surroundings):
        tail = "\n".join(LOG.read_text(errors="replace").splitlines()[-15:])
        raise Failed(f"{' '.join(argv)}\n{tail}\n完整日志：{LOG}")


def _run(argv: Sequence[str], surroundings: dict[str, str] | None = None) -> bool:
    LOG.parent.mkdir(parents=True, exist_ok=True)
    with LOG.open("ab") as log:
        return (
            subprocess.run(argv, env=surroundings, cwd=ROOT, stdout=log, stderr=log, check=False).returncode
            == 0
        )


if __name__ == "__main__":
    sys.exit(main())
