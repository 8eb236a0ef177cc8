"""The file a learned model lies in: numbers and a header, nothing that could run, and no piece of a text."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from services.intake.rules.triage.learned import Head

FORMAT, VERSION = "yizhan-triage", 1
MOST_BYTES = 256 * 1024 * 1024
ARRAYS = ("known", "rarity", "weights", "from_words", "base", "lift")
PLAIN = ("classes", "words_for", "sharpness", "least")
KINDS: Mapping[str, Any] = {name: np.float16 for name in ARRAYS} | {"known": np.uint64, "base": np.float32}
_AGAIN = "请用 yizhan triage train 重新训练"


class BadModel(Exception):
    """The file is no model that this version can read; its text says why, in words for an operator."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Learned:
    """A model: one part for each kind of category that its county had a history of."""

    heads: Mapping[str, Head]
    version: str  # what a suggestion remembers of it: model@ and the beginning of the file's hash


def written(heads: Mapping[str, Head], facts: Mapping[str, Any]) -> bytes:
    """The model as a file; equal models give equal files."""
    header = {
        "format": FORMAT,
        "version": VERSION,
        "facts": dict(facts),
        "heads": {kind: {name: getattr(head, name) for name in PLAIN} for kind, head in heads.items()},
    }
    arrays = {
        f"{kind}.{name}": getattr(head, name).astype(KINDS[name])
        for kind, head in sorted(heads.items())
        for name in ARRAYS
    }
    into = io.BytesIO()
    told = json.dumps(header, ensure_ascii=False, sort_keys=True).encode()
    np.savez_compressed(into, header=np.frombuffer(told, dtype=np.uint8), **arrays)
    return into.getvalue()


def read(path: Path) -> Learned:
    """The model in a file.

    Raises BadModel when there is none, it is broken, or another version wrote it.
    """
    try:
        data = path.read_bytes() if path.stat().st_size <= MOST_BYTES else b""
    except OSError:
        raise BadModel(f"模型文件读不出来：{path.name}。{_AGAIN}，或检查路径和权限") from None
    return parsed(data, path.name)


def parsed(data: bytes, name: str = "模型文件") -> Learned:
    """The model in the bytes of a file. Raises BadModel."""
    try:
        return _parsed(data)
    except (ValueError, KeyError, TypeError, OSError, EOFError, zipfile.BadZipFile, AssertionError) as wrong:
        raise BadModel(f"{name} 不是完整的分类模型（{type(wrong).__name__}）。{_AGAIN}") from None


def _parsed(data: bytes) -> Learned:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        assert sum(part.file_size for part in packed.infolist()) <= MOST_BYTES
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        header = json.loads(arrays["header"].tobytes())
        if header["format"] != FORMAT or header["version"] != VERSION:
            raise BadModel(f"模型是第{header['version']}版格式，本程序读第{VERSION}版。{_AGAIN}")
        heads = {kind: _head(kind, plain, arrays) for kind, plain in header["heads"].items()}
    return Learned(heads=heads, version=f"model@{sha256(data).hexdigest()[:12]}")


def _head(kind: str, plain: Mapping[str, Any], arrays: Any) -> Head:
    found = {name: _right(name, arrays[f"{kind}.{name}"]) for name in ARRAYS}
    head = Head(
        kind=kind,
        classes=tuple(map(str, plain["classes"])),
        words_for=tuple(map(str, plain["words_for"])),
        sharpness=float(plain["sharpness"]),
        least=float(plain["least"]),
        **found,
    )
    many, few = len(head.known), len(head.classes)
    assert head.weights.shape == (many, few) and head.rarity.shape == (many,) and few >= 2
    assert head.from_words.shape == (len(head.words_for), few)
    assert head.base.shape == head.lift.shape == (few,) and bool((head.known[1:] > head.known[:-1]).all())
    return head


def _right(name: str, array: Any) -> Any:
    """An array of the kind it must be, all of it numbers that can be reckoned with."""
    assert array.dtype == KINDS[name]
    if name == "known":
        return array
    assert bool(np.isfinite(array).all())
    return array.astype(np.float32)
