"""Column mappings: those that come with the product, and one written for a single import."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml

from services.intake.model import Mapping
from services.intake.rules.mapping import parsed, wrong

FOLDER = Path(__file__).parent.parent / "mappings"
LONGEST = 64 * 1024


@cache
def known() -> dict[str, Mapping]:
    """The mappings that come with the product, by name."""
    files = sorted(FOLDER.glob("*.yaml"))
    return {file.stem: parsed(_content(file.read_text(encoding="utf-8"))) for file in files}


def chosen(given: str) -> Mapping | None:
    """The mapping with this name, or the one that is written here as YAML or JSON; None for a guess.

    Raises Refused when there is no such name, listing those there are, or when it cannot be read.
    """
    if given.strip() in ("", "auto"):
        return None
    if re.fullmatch(r"[a-z0-9_]{1,64}", given.strip()):
        found = known().get(given.strip())
        if found:
            return found
        listed = "、".join(f"{mapping.name} {mapping.title}" for mapping in known().values())
        raise wrong(f"没有这个对照表。可用的有：{listed}")
    if len(given) > LONGEST:
        raise wrong("对照表太长")
    return parsed(_content(given))


def _content(written: str) -> object:
    try:
        if any(isinstance(token, yaml.AliasToken) for token in yaml.scan(written)):
            raise wrong("对照表里不能用 YAML 的引用（*名称）；单独的星号请加引号")
        return yaml.safe_load(written)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise wrong("对照表读不出来，应是 YAML 或 JSON") from error
