"""What a centre goes without: it is gone there, from pages, addresses and lists, and nowhere else."""

from __future__ import annotations

from typing import Any

import pytest

from services.intake.handlers import hall
from shared.profile import profile
from tests.api.intake.test_hall import window
from tests.signing import bearer

WITHOUT = "centre_202"  # the example county has it go without kiosk and public board
NO_KIOSK = "centre_203"
WITH = ("centre_county", "centre_101", "centre_201")


def test_the_example_county_switches_modules_off_for_two_centres() -> None:
    off = profile().modules.except_centres

    assert {centre: set(modules) for centre, modules in off.items()} == {
        WITHOUT: {"kiosk", "public_board"}, NO_KIOSK: {"kiosk"},
    }  # fmt: skip


@pytest.mark.parametrize("centre", [*WITH, WITHOUT, NO_KIOSK])
def test_a_centre_without_kiosk_has_no_page_no_guidance_and_no_way_to_it(client: Any, centre: str) -> None:
    body = {"centre": centre, "wish": "我想起诉立案"}

    page = client.get(f"/intake/kiosk/{centre}").status_code
    wished = client.post(f"/intake/kiosk/{centre}", data={"wish": "我想起诉立案"}).status_code
    guided = client.post("/intake/guidance", json=body)
    about = client.get(f"/intake/centre/{centre}")

    there = centre in WITH
    assert {page, wished, guided.status_code} == ({200} if there else {404})
    assert there or guided.json["code"] == "module_off"
    assert about.status_code == 200
    assert (f"/intake/kiosk/{centre}" in about.get_data(as_text=True)) is there


@pytest.mark.parametrize("centre", [*WITH, WITHOUT, NO_KIOSK])
def test_a_centre_without_public_board_hangs_up_no_screen(client: Any, centre: str) -> None:
    shown = client.get(f"/intake/centres/{centre}/screen").status_code
    page = client.get(f"/intake/screen/{centre}").status_code

    assert {shown, page} == ({404} if centre == WITHOUT else {200})


@pytest.mark.parametrize(("centre", "post", "status"), [
    ("centre_201", "kiosk", 201), (NO_KIOSK, "kiosk", 404), (NO_KIOSK, "guide", 201),
])  # fmt: skip
def test_where_no_kiosk_stands_a_person_gives_out_the_numbers(
    client: Any, centre: str, post: str, status: int
) -> None:
    region = hall.centre(centre)[1]
    window(client, 1, "dispute", at=centre)

    drawn = client.post(
        f"/intake/centres/{centre}/tickets",
        json={"service": "dispute"},
        headers=bearer(post, unit=centre, region=region),
    )

    assert drawn.status_code == status
