"""Files that tests bring to intake, and what becomes of them."""

from __future__ import annotations

import csv
import io
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from services.intake.handlers.importing import Importer
from services.intake.store import Stores
from tests.api.intake.conftest import Watch
from tests.signing import bearer

HEAD = "工单编号,来电时间,来电人,联系电话,工单类型,问题分类,标题,诉求内容,区划代码\n"
WHAT = "水沟的事,屋后那条水沟堵了第{n}次，求来看看"
ROW = "{n},2026/1/12 09:48:00,甲某,1380013{n:04d},纠纷,邻里," + WHAT + ",990101101201\n"


def rows(count: int, first: int = 1) -> str:
    return HEAD + "".join(ROW.format(n=n) for n in range(first, first + count))


def send(
    client: FlaskClient, data: str | bytes, name: str = "a.csv", mapping: str = "hotline12345", **more: Any
) -> TestResponse:
    written = data.encode() if isinstance(data, str) else data
    form = {"file": (io.BytesIO(written), name), "mapping": mapping}
    return client.post("/intake/imports", data=form, headers=more.get("headers", bearer("clerk")))


def bring_in(all: Stores, watch: Watch) -> int:
    return Importer(all, watch, parallel=1).work(60)


def progress(client: FlaskClient, taken: TestResponse) -> Any:
    return client.get(f"/intake/imports/{taken.get_json()['import_id']}", headers=bearer("clerk")).get_json()


def counts(found: Any) -> dict[str, int]:
    return {name: found[name] for name in ("total", "accepted", "duplicates", "repeated", "rejected")}


def rejects(client: FlaskClient, taken: TestResponse) -> list[dict[str, str]]:
    address = f"/intake/imports/{taken.get_json()['import_id']}/rejects.csv"
    reply = client.get(address, headers=bearer("clerk"))
    assert reply.data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(reply.data.decode("utf-8-sig"))))
