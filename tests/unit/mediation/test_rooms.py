"""Rooms and their video: numbers of other systems, and nothing that could be looked at."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

import pytest

from services.mediation.model.commands import Schedule
from services.mediation.rules import scheduling
from shared.errors import Refused
from shared.profile.work import Room
from tests.unit.county_files import TEXT, faults, written
from tests.unit.mediation.given import DAY, MM, MONDAY, by, county, fact, last, opened, session_id


@pytest.mark.requirement("XI-18")
def test_every_room_has_the_number_of_its_two_way_video_and_a_sitting_there_shows_it() -> None:
    rooms = county().rooms.places
    assert {room.kind for room in rooms} == {"reception", "mediation"} and all(r.video_link for r in rooms)
    asked = Schedule(mode="centre", start=MONDAY + DAY, room="county_mediation_1")

    done = scheduling.schedule(opened(), session_id(1), asked, by())

    assert last(done.state).video_link == "SLW-990101-02"
    told = fact(done, "mediation.session_scheduled")
    assert told.mm_id == MM and "SLW" not in json.dumps(vars(told), default=str)


def test_a_room_that_is_not_there_is_refused_with_those_there_are() -> None:
    for room in ("cellar", "county_reception"):
        with pytest.raises(Refused) as refused:
            scheduling.schedule(
                opened(), session_id(1), Schedule(mode="centre", start=MONDAY + DAY, room=room), by()
            )
        assert "county_mediation_1" in refused.value.fields["room"][0]


@pytest.mark.requirement("XI-07", "XI-08")
@pytest.mark.parametrize("camera", ["rtsp://10.0.0.1/live", "http://x/1", "admin:123", "某摄像头"])
def test_a_camera_is_a_number_of_its_platform_never_an_address_or_a_picture(
    camera: str, tmp_path: Path
) -> None:
    said = faults(written(tmp_path, TEXT.replace("camera: XL-990101-0001", f'camera: "{camera}"')))

    assert said and all("编号" in fault for fault in said)
    assert {field.name for field in fields(Room)} == {"id", "centre", "kind", "video_link", "camera"}
