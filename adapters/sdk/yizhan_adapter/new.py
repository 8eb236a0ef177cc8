"""Writes a new plug-in: manifest, code table, recorded exchanges and tests that pass as they stand."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from importlib import resources
from importlib.util import find_spec
from pathlib import Path
from string import Template

from yizhan_adapter import plugins
from yizhan_adapter.errors import Misconfigured

ID = re.compile(r"[a-z][a-z0-9_]{1,31}")
TITLE = re.compile(r"[^\W_][\w（）()·\- ]{0,39}")
TAKEN = frozenset(("adapter", "sdk", "simulators", "conformance", "examples"))
RENAMED = {"init.py": "yizhan_{id}/__init__.py", "test.py": "test_{id}.py"}
OUTSIDE = ("pyproject.toml", "README.md")


def write(id: str, into: Path, title: str = "") -> Path:
    """The folder of the new plug-in; raises Misconfigured when the name will not do or is taken."""
    title = title or id
    _check(id, into, title)
    words = {"id": id, "dashed": id.replace("_", "-"), "cls": _class(id), "title": title}
    folder = into / id
    for name, text in _templates():
        file = folder / _place(name, id)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(Template(text).substitute(words) if "$" in text else text, encoding="utf-8")
    return folder


def report(id: str, into: Path, title: str) -> int:
    """Write it and say what was written and what comes next."""
    folder = write(id, into, title)
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        sys.stdout.write(f"{file}\n")
    sys.stdout.write(f"next: {folder}/README.md\n")
    return 0


def _check(id: str, into: Path, title: str) -> None:
    if not ID.fullmatch(id):
        raise Misconfigured(f"{id!r}: a department's id is 2 to 32 small letters, digits, underscores")
    if id in TAKEN or (into / id).exists() or find_spec(f"yizhan_{id}") or id in plugins.installed():
        raise Misconfigured(f"{id!r} is taken; nothing was written")
    if not TITLE.fullmatch(title):
        raise Misconfigured("a title is up to 40 letters, Chinese characters, brackets or blanks")
    if not into.is_dir():
        raise Misconfigured(f"{into} is not a folder")


def _templates() -> Iterator[tuple[str, str]]:
    top = resources.files("yizhan_adapter") / "template"
    for folder, prefix in ((top, ""), (top / "fixtures", "fixtures/")):
        for file in folder.iterdir():
            if file.name.endswith(".txt"):
                yield prefix + file.name.removesuffix(".txt"), file.read_text(encoding="utf-8")


def _place(name: str, id: str) -> str:
    if name in OUTSIDE:
        return name
    return RENAMED.get(name, f"yizhan_{{id}}/{name}").format(id=id)


def _class(id: str) -> str:
    return "".join(word.capitalize() for word in id.split("_") if word) or "Department"
