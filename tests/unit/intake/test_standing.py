"""What a resident is told: the words for each state, the limits, and who answers for what nobody took in."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.intake.handlers.policy import policy_of
from services.intake.rules.promises import promises, within
from services.intake.rules.rota import centre_of, receiver
from services.intake.rules.standing import STATES, WORDS
from shared.limits import Limit, Unit
from shared.profile import profile
from tests.unit.intake.forms import NOW


def limit(length: timedelta, unit: Unit) -> Limit:
    return Limit(kind="x", length=length, unit=unit, basis="设计默认")


def test_every_state_that_an_event_leaves_a_case_in_has_words_for_residents() -> None:
    assert set(STATES.values()) <= set(WORDS)
    assert all(words and next_step for words, next_step in WORDS.values())


@pytest.mark.parametrize(
    ("length", "unit", "words"),
    [
        (timedelta(hours=2), "duty_hours", "2小时（工作时间）"),
        (timedelta(minutes=30), "minutes", "30分钟"),
        (timedelta(minutes=90), "minutes", "1小时30分钟"),
        (timedelta(days=3), "working_days", "3个工作日"),
        (timedelta(), "working_days", "当个工作日"),
        (timedelta(days=30), "calendar_days", "30天"),
    ],
)
def test_a_limit_is_said_as_people_say_it(length: timedelta, unit: Unit, words: str) -> None:
    assert within(limit(length, unit)) == words


def test_only_limits_that_the_county_has_are_promised() -> None:
    told = promises({"resident": limit(timedelta(days=30), "calendar_days")})

    assert told == ("最迟30天内给您答复，转办、退回都不重新起算",)


def test_the_window_receives_in_office_hours_and_the_leader_on_duty_outside_of_them() -> None:
    rota = ("window_clerk", "duty_leader")

    assert receiver(rota, "centre_101", on_duty=True) == "window_clerk.centre_101"
    assert receiver(rota, "centre_101", on_duty=False) == "duty_leader.centre_101"
    assert receiver((), "", on_duty=True) == "window_clerk"


def test_a_village_is_served_by_the_nearest_centre_above_it() -> None:
    centres = {"990101": "centre_county", "990101101": "centre_101"}

    assert centre_of("990101101201", centres) == "centre_101"
    assert centre_of("990101102201", centres) == "centre_county"
    assert centre_of("110101", centres) == ""


def test_the_policy_of_the_default_county_knows_hours_posts_and_names() -> None:
    day = policy_of(profile(), "990101101201", NOW)
    night = policy_of(profile(), "990101101201", NOW + timedelta(hours=12))

    assert (day.receiver, day.out_of_hours) == ("window_clerk.centre_101", False)
    assert (night.receiver, night.out_of_hours) == ("duty_leader.centre_101", True)
    assert day.category_words["欠薪"] == "labour_wages"
    assert any("30天" in promise for promise in day.promises)
