"""A department's own program as it runs: signs in, registers what it refers, and hears the number."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.https import served
from tests.journeys.test_disclosures_over_https import County
from tests.platforms.test_referrals import REFERRALS
from tests.platforms.town import Place, opened
from tests.signing import secrets_folder
from tests.toys.adapters import entry_point
from yizhan_adapter import plugins
from yizhan_adapter.platforms.__main__ import rounds_of
from yizhan_adapter.platforms.rounds import Rounds


@pytest.fixture
def county() -> Iterator[County]:
    """Identity, intake and routing, the first two over HTTP."""
    secrets_folder()
    place = County()
    with served(place.apps) as place.url:
        yield place


@pytest.fixture
def police(tmp_path: Path) -> Iterator[Place]:
    """The police's pretended system."""
    yield from opened("police", tmp_path)


def program(county: County, police: Place, folder: Path, **more: str) -> Rounds:
    """The program beside the adapter, set up by its environment alone."""
    given = {
        "BACK_OFFICE_URL": police.url,
        "BASE_URL": county.url,
        "YIZHAN_SECRETS": os.environ["YIZHAN_SECRETS"],
        "ADAPTER_STORE": str(folder / "adapter.sqlite"),
    }
    found = rounds_of("police", given | more)
    assert found is not None
    return found


@pytest.fixture(autouse=True)
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The departments' wheel, as far as this test needs it."""
    monkeypatch.setattr(plugins, "installed", lambda: {"police": entry_point("police")})
    monkeypatch.setenv("ADAPTER_STORE", str(tmp_path / "adapter.sqlite"))


def hand_out(police: Place) -> None:
    row = {
        name: str(value).replace("2026-03-09", "2026-08-31") for name, value in REFERRALS["police"].items()
    }
    police.post("/hand_out", {"id": "JQ-110", "row": row})


@pytest.mark.requirement("XI-13", "XE-03")
def test_a_110_referral_becomes_a_case_with_the_police_as_its_source(
    county: County, police: Place, tmp_path: Path
) -> None:
    Path(os.environ["YIZHAN_SECRETS"], "dept_police").write_text("secret-of-police")
    hand_out(police)
    rounds = program(county, police, tmp_path)

    for _ in range(2):
        rounds.round()
    county.town.settle()

    (held,) = county.intake.registrations.all()  # type: ignore[attr-defined]
    case = county.town.case(held.state.case_id)
    assert (case.channel, case.referred) == ("police", True)
    assert case.case_no in police.get("/handed")["handed"][0][1]


def test_with_a_wrong_password_nothing_is_registered_and_nothing_is_lost(
    county: County, police: Place, tmp_path: Path
) -> None:
    Path(os.environ["YIZHAN_SECRETS"], "dept_police").write_text("secret-of-police")
    hand_out(police)

    program(county, police, tmp_path, ADAPTER_SECRET="wrong").round()
    assert county.intake.registrations.all() == []  # type: ignore[attr-defined]

    program(county, police, tmp_path).round()
    assert len(county.intake.registrations.all()) == 1  # type: ignore[attr-defined]
