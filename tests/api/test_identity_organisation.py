"""The organisation: kinds of units, cards, posts with days, readiness, names that change, and the wall."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from services.identity.handlers import organisation
from services.identity.handlers.accounts import account_id
from services.identity.model.assignment import TAGS
from services.identity.model.organisation import Posting
from services.identity.rules import organisation as rules
from shared.errors import Refused
from shared.profile.security import Training
from tests.api.identity_door import Door
from tests.api.identity_door import house as county_of
from tests.api.identity_house import LI, House
from tests.api.test_identity_accounts import open_wang
from tests.signing import bearer

ADMIN = bearer("sys_admin", region="990101")
WANG = account_id("wang.qiang")
PIXEL = base64.b64encode(
    base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    )
).decode()


def ask(client: Any, method: str, path: str, body: Any = None, headers: dict[str, str] = ADMIN) -> Any:
    return client.open(f"/identity{path}", method=method, json=body, headers=headers)


def unit(client: Any, code: str, kind: str, region: str = "990101101", name: str = "") -> Any:
    body = {"code": code, "name": name or code, "kind": kind, "region": region}
    return ask(client, "POST", "/units", body)


def post(client: Any, code: str = "centre_101", account: str = LI, **more: Any) -> Any:
    body = {"post": "director", "account": account, "since": "2026-01-01"} | more
    return ask(client, "POST", f"/units/{code}/postings", body)


GROUPS = [
    pytest.param("township_unit", 10, marks=pytest.mark.requirement("XO-12")),
    pytest.param("county_unit", 11, marks=pytest.mark.requirement("XO-13")),
    pytest.param("township_resource", 6, marks=pytest.mark.requirement("XO-14")),
    pytest.param("force", 5, marks=pytest.mark.requirement("XO-15")),
    pytest.param("cobuilder", 10, marks=pytest.mark.requirement("XO-16")),
    pytest.param("village_force", 4, marks=pytest.mark.requirement("XO-17")),
]


@pytest.mark.parametrize(("group", "count"), GROUPS)
def test_every_kind_of_a_group_can_be_registered_and_is_found_by_it(
    client: Any, group: str, count: int
) -> None:
    known = [code for code, kind in organisation.kinds().items() if group in kind["groups"]]
    region = "990101101201" if group == "village_force" else "990101101"
    made = {unit(client, f"unit_{n}", kind, region).status_code for n, kind in enumerate(known)}

    found = ask(client, "GET", f"/units?region={region}&group={group}&limit=200").json["items"]
    one = ask(client, "GET", f"/units?region={region}&kind={known[0]}&limit=200").json["items"]

    assert (len(known), made) == (count, {201})
    assert {row["kind"] for row in found} == set(known)
    assert [row["kind"] for row in one] == [known[0]]


def test_a_kind_that_does_not_exist_is_refused(client: Any) -> None:
    reply = unit(client, "unit_x", "wizards")

    assert (reply.status_code, reply.json["code"]) == (422, "kind_unknown")
    kinds = ask(client, "GET", "/unit-kinds").json["items"]
    assert {"kind": "notary", "name": "公证机构", "groups": ["cobuilder"]} in kinds


@pytest.mark.requirement("XO-02", "XO-03")
@pytest.mark.parametrize(("role", "full_time"), [("exec_deputy", False), ("deputy_fulltime", True)])
def test_a_deputy_is_registered_with_the_post_and_its_rights(
    house: House, client: Any, role: str, full_time: bool
) -> None:
    opened = open_wang(client, roles=[role], region="990101101")

    made = post(client, account=WANG, post=role, full_time=full_time, office="township_head")
    listed = ask(client, "GET", "/units/centre_101/postings?on=2026-05-06").json["items"]

    assert (opened.json["roles"], made.status_code) == ([role], 201)
    assert [(row["post"], row["account"], row["full_time"], row["office"]) for row in listed] == [
        (role, WANG, full_time, "township_head")
    ]
    assert house.told()[-1] == "account.opened"


@pytest.mark.requirement("XO-01")
def test_a_county_may_give_the_directors_post_to_the_party_secretary_alone() -> None:
    asked = Posting(
        unit="centre_101", region="990101101", post="director", account=LI, since="2026-01-01",
        office="township_head",
    )  # fmt: skip

    with pytest.raises(Refused, match="party_secretary"):
        rules.post(None, "id", asked, [], ("party_secretary",))
    secretary = Posting(**(vars(asked) | {"office": "party_secretary"}))
    assert rules.post(None, "id", secretary, [], ("party_secretary",)) is not None
    assert rules.post(None, "id", asked, [], ()) is not None


@pytest.mark.requirement("XO-06")
def test_the_director_is_on_record_as_first_responsible_for_coordination(client: Any) -> None:
    made = post(client, responsibility="first").json

    assert (made["title"], made["duty"], made["responsibility"]) == (
        "矛调中心主任", "统筹协调第一责任人", "first",
    )  # fmt: skip


@pytest.mark.requirement("XO-07", "XO-09")
def test_every_unit_has_one_first_and_one_main_responsible_person(client: Any) -> None:
    open_wang(client, roles=["principal_leader"], region="990101101")
    first = post(
        client, account=WANG, post="principal_leader", responsibility="first", office="township_head"
    )
    main = post(client, responsibility="main")

    second = post(client, account=LI, post="clerk", responsibility="first")

    assert [first.status_code, main.status_code] == [201, 201]
    assert (second.status_code, second.json["code"]) == (422, "responsible_taken")
    rows = ask(client, "GET", "/units/centre_101/postings?on=2026-06-01").json["items"]
    assert {(row["account"], row["responsibility"]) for row in rows} == {(WANG, "first"), (LI, "main")}


@pytest.mark.requirement("XO-08")
def test_who_was_responsible_can_be_told_for_every_day(client: Any) -> None:
    open_wang(client, roles=["director"], region="990101101")
    old = post(client, responsibility="first").json
    early = ask(client, "POST", f"/postings/{old['id']}/end", {"until": "2026-01-01"})
    ask(client, "POST", f"/postings/{old['id']}/end", {"until": "2026-04-01"})
    post(client, account=WANG, since="2026-04-01", responsibility="first")

    def responsible(day: str) -> list[str]:
        rows = ask(client, "GET", f"/units/centre_101/postings?on={day}").json["items"]
        return [row["account"] for row in rows if row["responsibility"] == "first"]

    assert early.json["code"] == "ends_too_early"
    assert [responsible(day) for day in ("2025-12-31", "2026-03-31", "2026-04-01")] == [[], [LI], [WANG]]
    again = ask(client, "POST", f"/postings/{old['id']}/end", {"until": "2026-05-01"})
    assert (again.status_code, again.json["state"]) == (409, "ended")


@pytest.mark.requirement("XO-04", "XF-02", "SU-28")
def test_a_township_centre_is_ready_with_a_director_two_full_time_staff_and_its_signs(client: Any) -> None:
    open_wang(client, roles=["clerk"], region="990101101")
    missing = ask(client, "GET", "/units/centre_101/readiness").json
    post(client, full_time=True, responsibility="first")
    ask(client, "PUT", "/units/centre_101/card", {"checklist": ["outer_wall_sign"]})
    half = ask(client, "GET", "/units/centre_101/readiness").json
    post(client, account=WANG, post="clerk", full_time=True)
    ask(client, "PUT", "/units/centre_101/card", {"checklist": ["outer_wall_sign", "office_sign"]})

    ready = ask(client, "GET", "/units/centre_101/readiness").json

    assert set(missing["missing"]) == {
        "director", "full_time", "first_responsible", "outer_wall_sign", "office_sign",
    }  # fmt: skip
    assert set(half["missing"]) == {"full_time", "office_sign"}
    assert ready == {"ready": True, "missing": {}}
    wrong = ask(client, "PUT", "/units/centre_101/card", {"checklist": ["golden_gate"]})
    assert wrong.json["code"] == "item_unknown"


@pytest.mark.requirement("XO-05")
def test_a_village_centre_has_a_director_a_cadre_and_a_police_officer(client: Any) -> None:
    village = "990101101201"
    unit(client, "studio_1", "village_studio", village)
    unit(client, "police_1", "police", village)
    people = {}
    for name, role in (
        ("sec.ma", "village_secretary"),
        ("cadre.li", "resident_cadre"),
        ("fu.jing", "unit_staff"),
    ):
        body = {"username": name, "name": name, "roles": [role], "unit": "studio_1", "region": village}
        people[name] = ask(client, "POST", "/accounts", body).json["id"]

    made = [
        post(client, "studio_1", people["sec.ma"], post="director", office="village_secretary"),
        post(client, "studio_1", people["cadre.li"], post="resident_cadre"),
        post(client, "police_1", people["fu.jing"], post="unit_staff", office="auxiliary_police"),
    ]

    assert [reply.status_code for reply in made] == [201] * 3
    rows = ask(client, "GET", "/units/studio_1/postings").json["items"]
    assert {row["post"] for row in rows} == {"director", "resident_cadre"}


@pytest.mark.requirement("XO-21", "SU-40")
def test_a_unit_may_be_renamed_and_merged_and_older_records_keep_the_older_name(client: Any) -> None:
    unit(client, "old_a", "office", name="甲矛调中心")
    first = ask(client, "POST", "/units/old_a/names", {"name": "甲综治中心", "since": "2026-03-01"})
    back = ask(client, "POST", "/units/old_a/names", {"name": "乙", "since": "2026-02-01"})
    merged = ask(client, "POST", "/units/old_a/merger", {"into": "centre_101", "on": "2026-07-01"})
    twice = ask(client, "POST", "/units/old_a/merger", {"into": "centre_101", "on": "2026-08-01"})

    def name(day: str) -> str:
        return str(ask(client, "GET", f"/units/old_a/card?on={day}").json["name"])

    assert (first.status_code, back.json["code"]) == (200, "name_too_early")
    assert [name("2026-02-28"), name("2026-03-01")] == ["甲矛调中心", "甲综治中心"]
    assert (merged.json["merged_into"], twice.status_code) == ("centre_101", 409)
    card = ask(client, "GET", "/units/centre_101/card").json
    assert card["predecessors"] == [{"unit": "old_a", "on": "2026-07-01"}]


@pytest.mark.requirement("XF-08", "SU-27", "SU-38")
def test_a_centre_may_be_part_of_another_body_and_its_card_says_so(client: Any) -> None:
    unit(client, "hall_101", "service_hall")

    made = ask(client, "PUT", "/units/centre_101/card", {"hosted_by": "hall_101"})
    itself = ask(client, "PUT", "/units/centre_101/card", {"hosted_by": "centre_101"})
    unknown = ask(client, "PUT", "/units/centre_101/card", {"hosted_by": "nowhere_1"})

    assert (made.status_code, made.json["hosted_by"]) == (200, "hall_101")
    assert [itself.json["code"], unknown.json["code"]] == ["own_part", "unit_unknown"]
    assert ask(client, "GET", "/units/centre_101/card").json["hosted_by"] == "hall_101"


@pytest.mark.requirement("SU-41")
def test_a_township_centre_is_composed_of_three_bodies_under_one_card(client: Any) -> None:
    parts = ["gov_1", "law_1", "hall_1"]
    for code, kind in zip(parts, ("governance_office", "legal_aid", "service_hall"), strict=True):
        unit(client, code, kind)

    made = ask(client, "PUT", "/units/centre_101/card", {"composed_of": parts})

    assert made.json["composed_of"] == parts


@pytest.mark.requirement("XF-06", "XF-07", "SU-26")
def test_rooms_size_and_seats_are_on_the_card(client: Any) -> None:
    body = {
        "population": 31_000, "area_km2": 118.5, "size_class": "乙",
        "facilities": [
            {"zone": "reception", "name": "接待窗口", "count": 4}, {"zone": "mediation", "name": "调解室"},
        ],
        "seats": [{"desk": "3号", "unit": "centre_101"}],
    }  # fmt: skip

    made = ask(client, "PUT", "/units/centre_101/card", body).json

    assert (made["population"], made["area_km2"], made["size_class"]) == (31_000, 118.5, "乙")
    assert made["facilities"] == [
        {"zone": "reception", "name": "接待窗口", "count": 4},
        {"zone": "mediation", "name": "调解室", "count": 1},
    ]  # fmt: skip
    assert made["seats"] == [{"desk": "3号", "unit": "centre_101"}]
    bad = ask(client, "PUT", "/units/centre_101/card", {"population": -1})
    assert (bad.status_code, list(bad.json["fields"])) == (422, ["population"])


@pytest.mark.requirement("IN-20")
def test_a_room_is_in_one_of_the_zones_of_the_centre_and_another_zone_is_refused(client: Any) -> None:
    rooms = [{"zone": zone, "name": "一间"} for zone in ("reception", "kitchen")]

    bad = ask(client, "PUT", "/units/centre_101/card", {"facilities": rooms})

    assert (bad.status_code, list(bad.json["fields"])) == (422, ["facilities.1.zone"])
    assert "arbitration_litigation" in bad.json["fields"]["facilities.1.zone"][0]


@pytest.mark.requirement("XO-24")
def test_social_organisations_are_registered_with_how_far_they_have_come(client: Any) -> None:
    for code in ("ngo_a", "ngo_b"):
        unit(client, code, "ngo")
    ask(client, "PUT", "/units/ngo_a/card", {"growth": "incubating"})
    grown = ask(client, "PUT", "/units/ngo_a/card", {"growth": "growing"})

    listed = ask(client, "GET", "/social-organisations?region=990101101").json["items"]
    centre = ask(client, "PUT", "/units/centre_101/card", {"growth": "growing"})

    assert grown.json["version"] == 2
    assert {row["code"]: row["growth"] for row in listed} == {"ngo_a": "growing", "ngo_b": ""}
    assert (centre.status_code, centre.json["code"]) == (422, "no_social_organisation")


@pytest.mark.requirement("XO-25")
def test_services_bought_from_social_forces_are_on_the_card(client: Any) -> None:
    unit(client, "ngo_a", "ngo")
    bought = {
        "provider": "ngo_a", "service": "counselling", "since": "2026-01-01", "until": "2027-01-01",
        "yuan": 80_000,
    }  # fmt: skip

    made = ask(client, "PUT", "/units/centre_101/card", {"contracts": [bought]})
    backwards = ask(
        client, "PUT", "/units/centre_101/card", {"contracts": [bought | {"until": "2025-01-01"}]}
    )
    nobody = ask(client, "PUT", "/units/centre_101/card", {"contracts": [bought | {"provider": "ngo_x"}]})

    assert made.json["contracts"] == [bought]
    assert [backwards.json["code"], nobody.json["code"]] == ["ends_too_early", "unit_unknown"]


@pytest.mark.requirement("XS-04")
def test_the_sheet_shows_name_photo_and_contact_of_those_alone_who_agreed(client: Any) -> None:
    open_wang(client, roles=["clerk"], region="990101101")
    post(client)
    post(client, account=WANG, post="clerk")
    before = ask(client, "GET", "/units/centre_101/sheet").text
    mine = bearer("clerk", ref=LI, region="990101101", unit="centre_101")
    agreed = ask(client, "PUT", "/wall", {"contact": "县办电话 0000-1234", "photo": PIXEL}, mine)

    after = ask(client, "GET", "/units/centre_101/sheet").text
    gone = ask(client, "DELETE", "/wall", headers=mine)
    again = ask(client, "GET", "/units/centre_101/sheet").text

    assert "还没有人同意公示" in before
    assert (agreed.status_code, agreed.json["photo"]) == (200, True)
    assert all(shown in after for shown in ("李梅", "县办电话 0000-1234", "data:image/png", "矛调中心主任"))
    assert "王强" not in after
    assert (gone.status_code, "李梅" in again) == (204, False)


@pytest.mark.requirement("SU-29")
def test_a_villages_sheet_has_its_committee_and_its_police_officer(client: Any) -> None:
    village = "990101101201"
    for code, kind in (
        ("studio_1", "village_studio"),
        ("committee_1", "people_committee"),
        ("police_1", "police"),
    ):
        unit(client, code, kind, village)
    for name, code in (("ma.yi", "committee_1"), ("niu.er", "police_1")):
        body = {"username": name, "name": name, "roles": ["unit_staff"], "unit": code, "region": village}
        id = ask(client, "POST", "/accounts", body).json["id"]
        post(client, code, id, post="unit_staff")
        ask(client, "PUT", "/wall", {"contact": "村委"}, bearer("unit_staff", ref=id, region=village))

    page = ask(client, "GET", "/units/studio_1/sheet").text

    assert "ma.yi" in page
    assert "niu.er" in page


def test_a_picture_that_is_none_is_refused(client: Any) -> None:
    mine = bearer("clerk", ref=LI)

    for photo in (base64.b64encode(b"<svg onload=alert(1)>").decode(), "not base64", "照片", "A" * 130_000):
        assert ask(client, "PUT", "/wall", {"contact": "x", "photo": photo}, mine).status_code == 422
    assert ask(client, "DELETE", "/wall", headers=mine).status_code == 404


@pytest.mark.requirement("XS-05")
def test_where_the_county_asks_for_training_an_account_opens_after_it() -> None:
    door = Door(county_of(training=Training(required_for=("clerk",))))
    trainer = bearer("trainer", region="990101101")

    before = door.password().json
    own = door.post(
        f"/accounts/{LI}/trainings", bearer("trainer", ref=LI), {"topic": "system", "on": "2026-05-01"}
    )
    door.post(f"/accounts/{LI}/trainings", trainer, {"topic": "system", "on": "2026-05-01"})
    after = door.password().json

    assert (before["todo"], after["todo"]) == ("training", "")
    assert own.json["code"] == "own_training"
    for role in ("sys_admin", "operator", "trainer"):
        made = open_wang(
            door.client, username=f"{role.replace('_', '.')}.x", roles=[role], region="990101101"
        )
        assert made.status_code == 201


def test_the_organisation_is_kept_by_those_of_the_region(client: Any) -> None:
    elsewhere = bearer("sys_admin", region="990101102")

    for method, path, body in (
        ("PUT", "/units/centre_101/card", {}),
        ("POST", "/units/centre_101/names", {"name": "x", "since": "2026-01-01"}),
        ("POST", "/units/centre_101/merger", {"into": "centre_county", "on": "2026-01-01"}),
        ("POST", "/units/centre_101/postings", {"post": "clerk", "account": LI, "since": "2026-01-01"}),
    ):
        assert ask(client, method, path, body, elsewhere).status_code == 403
        assert ask(client, method, path, body, bearer("clerk")).status_code == 403


def giver(unit: str = "centre_county", region: str = "990101") -> dict[str, str]:
    return bearer("director", region=region, unit=unit)


@pytest.mark.parametrize(
    ("code", "region"),
    [
        pytest.param("centre_101", "990101101", marks=pytest.mark.requirement("XO-20")),
        pytest.param("studio_1", "990101101201", marks=pytest.mark.requirement("XO-26")),
    ],
)
def test_a_higher_body_gives_a_task_with_owner_and_day_and_hears_that_it_is_done(
    house: House, client: Any, code: str, region: str
) -> None:
    if code == "studio_1":
        unit(client, code, "village_studio", region)
    open_wang(client, unit=code, region=region)
    task = {"kind": "task", "unit": code, "text": "下周前排查一遍水渠", "due_on": "2026-05-13", "owner": WANG}
    theirs = bearer("grid_worker", ref=WANG, unit=code, region=region)

    given = ask(client, "POST", "/assignments", task, giver())
    stranger = ask(client, "POST", f"/assignments/{given.json['id']}/done", {}, bearer("clerk", unit="court"))
    (mine,) = ask(client, "GET", "/assignments", headers=theirs).json["items"]
    done = ask(client, "POST", f"/assignments/{given.json['id']}/done", {}, theirs)
    twice = ask(client, "POST", f"/assignments/{given.json['id']}/done", {}, theirs)

    assert (given.status_code, mine["text"], mine["owner"], mine["due_on"]) == (
        201, "下周前排查一遍水渠", WANG, "2026-05-13",
    )  # fmt: skip
    assert (stranger.status_code, stranger.json["code"]) == (403, "other_unit")
    assert (done.json["done_at"] is not None, twice.status_code) == (True, 409)
    (seen,) = ask(client, "GET", f"/assignments?unit={code}", headers=giver()).json["items"]
    assert seen["done_at"] is not None
    kept = house.stores.assignments.load(given.json["id"]).state.text
    assert "水渠".encode() not in kept


@pytest.mark.requirement("XO-19")
def test_guidance_goes_to_villages_and_enterprises_and_is_acknowledged(client: Any) -> None:
    unit(client, "studio_1", "village_studio", "990101101201")
    unit(client, "works_1", "enterprise", "990101101201")
    notes = [
        ask(
            client,
            "POST",
            "/assignments",
            {"kind": "guidance", "unit": code, "text": "请完善调解室"},
            giver(),
        )
        for code in ("studio_1", "works_1")
    ]

    for code, note in zip(("studio_1", "works_1"), notes, strict=True):
        theirs = bearer("unit_staff", unit=code, region="990101101201")
        for _ in range(2):
            ask(client, "POST", f"/assignments/{note.json['id']}/acknowledge", {}, theirs)

    for code in ("studio_1", "works_1"):
        (seen,) = ask(client, "GET", f"/assignments?unit={code}", headers=giver()).json["items"]
        assert (seen["kind"], seen["acknowledged_at"] is not None, seen["version"]) == ("guidance", True, 2)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"owner": ""}, "task_incomplete"),
        ({"due_on": "2026-05-05"}, "due_in_the_past"),
        ({"owner": account_id("nobody")}, "owner_elsewhere"),
        ({"unit": "nowhere_1"}, "unit_not_found"),
        ({"text": ""}, "invalid_fields"),
    ],
)
def test_a_task_that_does_not_hold_is_refused(client: Any, more: dict[str, str], code: str) -> None:
    task = {"kind": "task", "unit": "centre_101", "text": "排查", "due_on": "2026-05-13", "owner": LI}

    assert ask(client, "POST", "/assignments", task | more, giver()).json["code"] == code
    assert ask(client, "POST", "/assignments", task, giver("centre_102", "990101102")).status_code == 403


@pytest.mark.requirement("MD-27")
def test_the_register_says_of_each_member_unit_whether_it_has_a_committee_or_somebody_stationed(
    house: House, client: Any
) -> None:
    for code in ("health_office_1", "labour_office_1", "market_office_1"):
        assert unit(client, code, code[:-2]).status_code == 201
    own = {"code": "committee_health", "name": "医调委", "kind": "industry_committee",
           "region": "990101101", "parent": "health_office_1"}  # fmt: skip
    assert ask(client, "POST", "/units", own).status_code == 201
    stationed = post(client, "labour_office_1", post="mediator").json

    def register() -> dict[str, tuple[str, int]]:
        items = ask(client, "GET", "/member-units?region=990101101&limit=200").json["items"]
        return {one["code"]: (one["committee"], one["stationed_mediators"]) for one in items}

    before = register()
    ask(client, "POST", f"/postings/{stationed['id']}/end", {"until": "2026-02-01"})

    assert before == {
        "health_office_1": ("committee_health", 0),
        "labour_office_1": ("", 1),
        "market_office_1": ("", 0),
    }
    assert register()["labour_office_1"] == ("", 0)


def test_what_is_given_can_be_part_of_one_of_five_kinds_of_joint_work_and_is_found_by_it(client: Any) -> None:
    note = {"kind": "guidance", "unit": "centre_101", "text": "请参加联调"}
    made = [ask(client, "POST", "/assignments", note | {"tag": tag}, giver()) for tag in (*TAGS, "")]
    unknown = ask(client, "POST", "/assignments", note | {"tag": "joint_venture"}, giver())

    def listed(tag: str) -> list[str]:
        path = f"/assignments?unit=centre_101&tag={tag}"
        return [one["id"] for one in ask(client, "GET", path, headers=giver()).json["items"]]

    assert {tag: listed(tag) for tag in TAGS} == {
        tag: [reply.json["id"]] for tag, reply in zip(TAGS, made, strict=False)
    }
    assert len(TAGS) == 5 and unknown.status_code == 422
    assert "矛盾联调" in unknown.json["fields"]["tag"][0]
    assert len(listed("")) == 6
