"""The documents speak of files that exist: every link leads somewhere, every path in backticks is there."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    ROOT / "README.md",
    ROOT / "README.zh-CN.md",
    ROOT / "docs" / "architecture.md",
    ROOT / "docs" / "operations.md",
    ROOT / "deploy" / "k8s" / "README.md",
    *sorted((ROOT / "docs" / "adr").glob("*.md")),
]
PLACES = ("services", "shared", "deploy", "adapters", "docs", "profiles", "examples", "tests")

every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


@every_page
def test_every_link_leads_to_a_file(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", page.read_text())

    local = [link for link in links if "://" not in link]

    assert [link for link in local if not (page.parent / link).exists()] == []


@every_page
def test_every_named_file_is_there(page: Path) -> None:
    named = re.findall(rf"`((?:{'|'.join(PLACES)})/[\w./-]+)`", page.read_text())

    assert [path for path in named if _built(path) and not (ROOT / path).exists()] == []


def _built(path: str) -> bool:
    """Whether the service it belongs to is there yet."""
    kind, name, *_ = path.split("/")
    return kind != "services" or (ROOT / kind / name / "__init__.py").exists()


def test_every_address_of_the_onboarding_is_one_of_ours() -> None:
    text = (ROOT / "docs" / "adapters.md").read_text().partition("```sh onboarding\n")[2].partition("```")[0]
    ours = json.loads((ROOT / "docs" / "openapi" / "routing.json").read_text())["paths"]

    used = re.findall(r"\$at(/[a-z/-]+)?", text)

    known = [f"/routing/departments/{{department}}{path}" for path in used]
    assert len(known) == 6 and [path for path in known if path not in ours] == []
