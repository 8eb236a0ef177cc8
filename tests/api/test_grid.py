"""Grid over HTTP: the map comes in, a grid worker reports, and others stay outside."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from services.grid.api import create_app
from services.grid.store import Stores
from shared import ids
from tests.grid_given import CELLS, DIVISIONS, GRID, NOW, VILLAGE, town
from tests.signing import bearer

WORKER = ids.derived("tests", "grid worker")


@pytest.fixture
def all() -> Stores:
    return town()


@pytest.fixture
def client(all: Stores) -> FlaskClient:
    return create_app(all, lambda: NOW).test_client()


def worker(region: str = VILLAGE, key: str = "") -> dict[str, str]:
    headers = bearer("grid_worker", ref=WORKER, region=region)
    return headers | ({"Idempotency-Key": key} if key else {})


def report(client: FlaskClient, *, who: Any = None, **changes: Any) -> TestResponse:
    body = {"kind": "sign", "text": "两家为地界争吵，已经两回", "region": GRID} | changes
    return client.post("/grid/findings", json=body, headers=who or worker())


def upload(client: FlaskClient, path: str, text: str, *roles: str, region: str = "990101") -> TestResponse:
    return client.post(
        f"/grid/{path}/import",
        data={"file": (io.BytesIO(text.encode()), "区划.csv")},
        headers=bearer(*(roles or ("sys_admin",)), region=region),
    )


def get(client: FlaskClient, path: str, *roles: str, region: str = "990101") -> TestResponse:
    return client.get(f"/grid{path}", headers=bearer(*(roles or ("dispatcher",)), region=region))


@pytest.mark.requirement("GR-15")
def test_good_rows_are_kept_bad_ones_returned_and_the_map_given_out_again(client: FlaskClient) -> None:
    rows = "990101101203,新村,990101101,village\n9901011012XX,坏村,990101101,village\n"

    reply = upload(client, "regions", DIVISIONS + rows)

    exported = get(client, "/regions.csv").get_data(as_text=True)
    again = upload(client, "regions", exported).get_json()
    assert reply.get_json() == {
        "added": 1, "changed": 0, "unchanged": 4,
        "bad": [{"line": 7, "code": "9901011012XX", "reason": "代码应为数字，不能有字母或别的符号"}],
    }  # fmt: skip
    assert again == {"added": 0, "changed": 0, "unchanged": 5, "bad": []}
    assert get(client, "/grids.csv").get_data(as_text=True).splitlines()[1:] == CELLS.splitlines()[1:]


@pytest.mark.requirement("GR-12")
def test_a_file_with_identity_numbers_is_refused_with_its_lines(client: FlaskClient) -> None:
    refused = upload(client, "grids", f"{CELLS}990101101201002,990101199003077777,{VILLAGE},1,1\n")

    assert (refused.status_code, refused.get_json()["code"]) == (422, "id_numbers")
    assert refused.get_json()["lines"] == [3]


def test_only_those_who_keep_the_map_may_bring_one_in(client: FlaskClient) -> None:
    outside = upload(client, "regions", DIVISIONS, region="990102").get_json()

    assert upload(client, "regions", DIVISIONS, "clerk").status_code == 403
    assert (outside["added"], len(outside["bad"])) == (0, 4)


def test_regions_and_grids_are_listed_page_by_page(client: FlaskClient) -> None:
    first = get(client, "/regions?under=990101101&limit=2").get_json()
    rest = get(client, f"/regions?under=990101101&limit=2&after={first['next']}").get_json()
    grids = get(client, f"/grids?village={VILLAGE}").get_json()

    assert [item["name"] for item in first["items"] + rest["items"]] == ["松岚镇", "墨松村", "岚脚村"]
    assert rest["next"] is None
    assert [(item["code"], item["residents"]) for item in grids["items"]] == [(GRID, 340)]


def test_a_code_is_located_in_its_grid_village_township_and_county(client: FlaskClient) -> None:
    found = get(client, f"/locate?region={GRID}01").get_json()

    assert [found[level]["name"] for level in ("grid", "village", "township", "county")] == [
        "一网格", "墨松村", "松岚镇", "云溪县",
    ]  # fmt: skip
    assert get(client, "/locate?region=110101").status_code == 404
    assert get(client, "/locate?region=99010x").status_code == 422


def test_a_merged_village_stays_readable_and_takes_no_more_findings(client: FlaskClient) -> None:
    head = bearer("sys_admin", region="990101")
    busy = client.post(f"/grid/regions/{VILLAGE}/close", json={}, headers=head)
    client.post(f"/grid/regions/{GRID}/close", json={}, headers=head)
    closed = client.post(f"/grid/regions/{VILLAGE}/close", json={"into": ["990101101202"]}, headers=head)
    again = client.post(f"/grid/regions/{VILLAGE}/close", json={}, headers=head)

    late = report(client, region=VILLAGE)

    assert (busy.status_code, busy.get_json()["code"]) == (422, "region_not_empty")
    assert closed.get_json()["became"] == ["990101101202"]
    assert again.status_code == 409
    assert late.get_json()["fields"] == {"region": ["没有这个村（社区）或网格，或已经撤销"]}
    assert get(client, f"/locate?region={VILLAGE}").get_json()["village"]["name"] == "墨松村"


def test_a_grid_worker_reports_once_under_one_key(client: FlaskClient) -> None:
    first = report(client, who=worker(key="a"), urgency="urgent", category="neighbour", place_kind="farmland")
    again = report(client, who=worker(key="a"), urgency="urgent", category="neighbour", place_kind="farmland")
    other = report(client, who=worker(key="a"), kind="hazard")

    body = first.get_json()
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.get_json() == body
    assert (body["region"], body["place"], body["reporter"]) == (VILLAGE, GRID, WORKER)
    assert (other.status_code, other.get_json()["code"]) == (422, "idempotency_key_reused")


def test_a_report_from_outside_the_own_region_or_from_another_role_is_refused(client: FlaskClient) -> None:
    outside = report(client, who=worker("990101101202"))
    clerk = report(client, who=bearer("clerk"))

    assert (outside.status_code, outside.get_json()["code"]) == (403, "out_of_region")
    assert (clerk.status_code, clerk.get_json()["code"]) == (403, "role_missing")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "rumour"), ("urgency", "later"), ("text", "   "), ("text", ""), ("region", "990101101"),
        ("region", "99010110120a"), ("region", "990101101201999"), ("category", "no_such_kind"),
        ("found_at", (NOW + timedelta(hours=1)).isoformat()), ("place_kind", "moon"),
    ],
)  # fmt: skip
def test_a_wrong_field_is_named(client: FlaskClient, field: str, value: str) -> None:
    refused = report(client, **{field: value})

    assert refused.status_code == 422
    assert list(refused.get_json()["fields"]) == [field]


def test_words_are_shown_where_one_finding_is_read_and_that_is_kept(client: FlaskClient, all: Stores) -> None:
    id = report(client).get_json()["id"]

    mine = client.get(f"/grid/findings/{id}", headers=worker(GRID))
    listed = get(client, "/findings", "leader").get_json()["items"]

    assert mine.get_json()["text"] == "两家为地界争吵，已经两回"
    assert "text" not in listed[0]
    assert listed[0]["case_no"] is None
    assert [entry.action for entry in all.audit.entries()] == ["finding.read"]


def test_findings_elsewhere_are_neither_listed_nor_read(client: FlaskClient) -> None:
    id = report(client).get_json()["id"]

    elsewhere = client.get("/grid/findings", headers=worker("990101101202"))

    assert elsewhere.get_json()["items"] == []
    assert client.get(f"/grid/findings/{id}", headers=worker("990101101202")).status_code == 403


def test_a_list_of_findings_goes_on_where_it_stopped(client: FlaskClient) -> None:
    ids_told = {report(client).get_json()["id"] for _ in range(3)}

    first = get(client, "/findings?limit=2").get_json()
    rest = client.get(
        "/grid/findings", query_string={"limit": 2, "after": first["next"]}, headers=bearer("dispatcher")
    ).get_json()

    assert {item["id"] for item in first["items"] + rest["items"]} == ids_told
    assert rest["next"] is None
    assert get(client, "/findings?after=x").status_code == 400
