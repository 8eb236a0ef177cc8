"""A county as data: what a good profile gives, and what the command says of it."""

from collections.abc import Callable
from dataclasses import FrozenInstanceError
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from shared import deadlines
from shared.clock import CHINA
from shared.profile import Profile, load
from shared.profile_cli import profile as command
from tests.unit.county_files import GOOD, TEXT, written


@pytest.fixture(scope="module")
def county() -> Profile:
    return load(GOOD)


def edited(change: Callable[[dict[str, Any]], object]) -> str:
    data = yaml.safe_load(TEXT)
    change(data)
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False)


# ── a profile that holds ──────────────────────────────────────────────────────────────────────


def test_a_profile_says_which_county_and_version_it_is(county: Profile) -> None:
    assert (county.version_id, county.county6, county.effective) == (
        "xx-county@1",
        "990101",
        date(2026, 1, 1),
    )


def test_a_limit_knows_its_kind_its_length_its_marks_and_on_what_it_rests(county: Profile) -> None:
    pickup = county.limits["pickup"]

    assert (pickup.kind, pickup.length, pickup.unit) == ("pickup", timedelta(hours=1), "duty_hours")
    assert pickup.thresholds == (50, 80, 100, 120)
    assert (pickup.starts, pickup.stops, pickup.pausable) == (("case.assigned",), ("case.accepted",), False)
    assert "1小时" in pickup.basis


def test_a_mark_finds_who_must_hear_of_it_in_the_rows_of_its_clock_first(county: Profile) -> None:
    rows = [county.threshold("pickup", pct) for pct in (50, 100, 120)]
    general = county.threshold("confirm_window", 83)

    assert [row.notify[0] for row in rows if row] == ["unit_desk", "dispatcher", "unit_head"]
    assert general and general.pct == 80
    assert county.threshold("pickup", 10) is None


def test_a_ladder_gives_the_step_of_a_tier_and_the_fast_track_of_a_reason(county: Profile) -> None:
    village, safety = county.ladder.step("village"), county.ladder.track("safety")

    assert village and village.next == "township"
    assert safety and safety.approver == "duty_leader"
    assert county.ladder.step("moon") is None and county.ladder.track("whim") is None


def test_units_categories_and_modules_are_found_by_their_codes(county: Profile) -> None:
    assert county.all_units["court"].name == "县人民法院"
    category = county.category("medical")
    assert category and category.mediable
    assert county.category("nothing") is None
    assert county.modules.on("kiosk", "centre_101") and not county.modules.on("kiosk", "centre_203")


def test_a_profile_cannot_be_changed_after_it_was_loaded(county: Profile) -> None:
    with pytest.raises(FrozenInstanceError):
        county.version = 2  # type: ignore[misc]
    with pytest.raises(TypeError):
        county.limits["pickup"] = county.limits["simple"]  # type: ignore[index]
    with pytest.raises(TypeError):
        county.roles["director"] = county.roles["sponsor"]  # type: ignore[index]


def test_class_clocks_start_where_the_county_says_and_other_clocks_where_they_always_did(
    tmp_path: Path,
) -> None:
    accepted = load(
        written(tmp_path, TEXT.replace("class_clock_starts: assigned", "class_clock_starts: accepted"))
    )

    assert accepted.limits["general"].starts == ("case.accepted",)
    assert accepted.limits["onsite_arrive"].starts == ("grid.force_dispatched",)


@pytest.mark.requirement("C7")
def test_every_limit_is_the_profiles_own_and_a_county_may_have_none(tmp_path: Path) -> None:
    slower = load(written(tmp_path, TEXT.replace("pickup: {length: PT1H", "pickup: {length: PT2H")))
    none = load(written(tmp_path, edited(without_limits)))

    given = datetime(2026, 9, 17, 9, tzinfo=CHINA).astimezone(UTC)
    clock = deadlines.start(slower.limits["pickup"], given, slower.calendar, "clock-1")
    assert clock.due_at - given == timedelta(hours=2)
    assert dict(none.limits) == {}


def without_limits(data: dict[str, Any]) -> None:
    """Takes every limit out of a profile, and every mention of one."""
    data["sla"] = {}
    data["threshold_overrides"] = {}
    names = ("escalate_within", "sponsor_within", "call_limit", "within", "answer_within", "report_within")
    more = ("plan_within", "feedback_within", "ack", "limit", "finding_limit")
    blocks = [
        data[key] for key in ("callback", "whistle", "supervision", "sponsorship", "risk_notice", "screening")
    ]
    blocks += [data["mediation"], data["petition"]["agency"], *data["ladder"]["steps"], *data["residency"]]
    for block in blocks:
        for name in (*names, *more):
            block.pop(name, None)


def test_office_hours_of_the_county_run_its_clocks(tmp_path: Path) -> None:
    with_lunch = load(written(tmp_path, TEXT.replace("lunch: null", 'lunch: ["12:00", "14:00"]')))

    given = datetime(2026, 9, 17, 11, 30, tzinfo=CHINA)
    end = with_lunch.calendar.add_duty_time(given, timedelta(hours=1))

    assert end.astimezone(CHINA).strftime("%H:%M") == "14:30"


# ── the command ───────────────────────────────────────────────────────────────────────────────


def test_the_command_says_that_a_profile_holds() -> None:
    result = CliRunner().invoke(command, ["check", str(GOOD)])

    assert result.exit_code == 0
    assert "配置可用：xx-county@1 云溪县" in result.output


def test_the_command_lists_what_is_wrong_and_fails(tmp_path: Path) -> None:
    path = written(tmp_path, TEXT.replace("mode: competence", "mode: by_mood"))

    result = CliRunner().invoke(command, ["check", str(path)])

    assert result.exit_code == 1
    assert "配置有1处不对" in result.output and "ladder.mode" in result.output
