"""Reads a YAML file and remembers on which line everything stands, so that a fault can be found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

Steps = tuple[str | int, ...]
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, kw_only=True, order=True)
class Fault:
    """One thing wrong with a profile: where, and a sentence for the person who mends it."""

    file: str
    line: int
    path: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.file} 第{self.line}行 {self.path}：{self.sentence}"


class ProfileError(Exception):
    """A profile that must not be used; `faults` lists everything that is wrong with it."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(set(faults)))
        super().__init__(f"配置有{len(self.faults)}处不对：\n" + "\n".join(map(str, self.faults)))


@dataclass(frozen=True, kw_only=True)
class Source:
    """The content of one file, and the tree it was read from."""

    file: str
    data: Any
    root: yaml.Node | None

    def fault(self, steps: Steps, sentence: str) -> Fault:
        """A fault at a path, with the line of the nearest thing that stands in the file."""
        return Fault(file=self.file, line=_line(self.root, steps), path=dotted(steps), sentence=sentence)


def read_source(path: Path) -> Source:
    """The file as data; raises ProfileError when it is missing, is not YAML, or says a key twice."""
    try:
        loader = LOADER(path.read_text(encoding="utf-8"))
        root = loader.get_single_node()
        data = loader.construct_document(root) if root else {}
    except (OSError, UnicodeDecodeError):
        raise ProfileError([Fault(file=path.name, line=1, path="", sentence="文件读不出来")]) from None
    except yaml.MarkedYAMLError as error:
        raise ProfileError([_not_yaml(path.name, error)]) from None
    source = Source(file=path.name, data=data, root=root)
    if twice := [source.fault(steps, "同一个键写了两次") for steps in _repeated(root, ())]:
        raise ProfileError(twice)
    named = data.get("extends") if isinstance(data, dict) else None
    return _extended(source, read_source(path.parent / named)) if isinstance(named, str) else source


def _extended(source: Source, base: Source) -> Source:
    """A file that only says what differs from another one (`extends`); its faults name paths, not lines."""
    own = {name: value for name, value in source.data.items() if name != "extends"}
    data = merged(base.data, own)
    connected = {one["id"] for one in data.get("departments", ()) if isinstance(one, dict) and "id" in one}
    data["units"] = [one for one in data.get("units", ()) if one.get("id") not in connected]
    return Source(file=source.file, data=data, root=None)


def merged(base: Any, own: Any) -> Any:
    """Two pieces of data as one: mappings by key, lists of things by their id, anything else replaced."""
    if isinstance(base, dict) and isinstance(own, dict):
        return base | {k: merged(base[k], value) if k in base else value for k, value in own.items()}
    if _by_id(base) and _by_id(own):
        known = {one["id"]: one for one in base}
        return list((known | {one["id"]: merged(known.get(one["id"], {}), one) for one in own}).values())
    return own


def _by_id(data: Any) -> bool:
    return isinstance(data, list) and all(isinstance(one, dict) and "id" in one for one in data)


def dotted(steps: Steps) -> str:
    """A path as people write it: ladder.steps[0].tier."""
    parts = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    return "".join(parts).lstrip(".")


def _not_yaml(file: str, error: yaml.MarkedYAMLError) -> Fault:
    line = error.problem_mark.line + 1 if error.problem_mark else 1
    return Fault(file=file, line=line, path="", sentence=f"不是正确的 YAML（{error.problem}）")


def _line(node: yaml.Node | None, steps: Steps) -> int:
    line = node.start_mark.line if node else 0
    for step in steps:
        found = _step(node, step)
        if found is None:
            break
        line, node = found
    return line + 1


def _step(node: yaml.Node | None, step: str | int) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in reversed(node.value):
            if key.value == str(step):
                return key.start_mark.line, value
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step].start_mark.line, node.value[step]
    return None


def _repeated(node: yaml.Node | None, steps: Steps) -> Iterator[Steps]:
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                yield (*steps, key.value)
            seen.add(key.value)
            yield from _repeated(value, (*steps, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield from _repeated(value, (*steps, index))
