"""The search for personal data finds what is planted, in every disguise, and nothing else."""

from __future__ import annotations

import base64
import gzip
import io
import json
import sqlite3
import zipfile
from pathlib import Path
from urllib.parse import quote

import pytest

from deploy.local.privacy.needles import Haystack, Needle, needles, without_public
from deploy.local.privacy.places import files
from deploy.local.privacy.searching import Finding, in_bytes, search

NAME, PHONE, ID_NUMBER = "邰临溪", "19900001001", "11010519491231002X"
ADDRESS, TEXT = "芦涧乡某巷9号", "手机店门口放高音喇叭拉客一早八点放到晚上九点"
GIVEN = [("name", NAME), ("phone", PHONE), ("id_no", ID_NUMBER), ("address", ADDRESS), ("text", TEXT)]
HAYSTACK = Haystack(needles(GIVEN))
SIX = "店门口放高音喇叭拉客一早八"  # somewhere in the middle of the text


def zipped(content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("sheet1.xml", content)
    return out.getvalue()


PLANTED = {
    "plain": f"saved {NAME}".encode(),
    "in a longer text": f"……{SIX}……".encode(),
    "escaped as JSON does it": json.dumps({"event": f"no {NAME} here"}).encode(),
    "escaped twice": json.dumps(json.dumps({"who": SIX})).encode(),
    "in an address": f"GET /q?who={quote(NAME)}&n=1".encode(),
    "a number in a path": f"GET /people/{PHONE}/x".encode(),
    "in base64": base64.b64encode(f"number {ID_NUMBER} of somebody".encode()),
    "in base64 for addresses": base64.urlsafe_b64encode(f"住在{ADDRESS}，请上门".encode()),
    "compressed": gzip.compress(f"a,{PHONE}\n".encode()),
    "compressed in an old character set": gzip.compress(f"编号,内容\n1,{SIX}\n".encode("gb18030")),
    "in an old character set": f"姓名：{NAME}，完".encode("gb18030"),
    "in two bytes a character": f"姓名 {NAME}".encode("utf-16"),
    "in a spreadsheet": zipped(f"<t>{ADDRESS}</t>".encode()),
    "as entities of a page": "".join(f"&#{ord(c)};" for c in NAME).encode(),
}
HARMLESS = {
    "codes": b'{"case_id":"0192f300-0000-7000-8000-0000000000f1","category":"neighbour"}',
    "masks": "邰** 199****1001 110105********002X".encode(),
    "a longer number": b"1763829199000010012",
    "eleven characters of it": TEXT[:11].encode(),
    "a hash": b"ab" * 32,
    "nothing": b"",
}


@pytest.mark.parametrize("how", PLANTED)
def test_what_is_planted_is_found_in_every_disguise(how: str) -> None:
    assert in_bytes(PLANTED[how], HAYSTACK), how


@pytest.mark.parametrize("how", HARMLESS)
def test_what_says_nothing_of_anybody_is_no_finding(how: str) -> None:
    assert not in_bytes(HARMLESS[how], HAYSTACK), how


def test_any_twelve_characters_of_a_text_are_looked_for_and_short_words_are_not() -> None:
    found = needles([("text", "一二三四五六七八九十甲乙丙"), ("text", "太短"), ("name", "甲")])

    assert [needle.words for needle in found] == ["一二三四五六七八九十甲乙", "二三四五六七八九十甲乙丙"]


def test_what_the_county_publishes_itself_is_nobodys_secret() -> None:
    found = needles([("name", "县公安局"), ("name", NAME)])

    assert without_public(found, ["县公安局、县人民法院".encode()]) == [Needle("name", NAME)]


def test_files_are_searched_whole_with_their_tables_but_for_those_that_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "log").mkdir()
    (tmp_path / "secrets").mkdir()
    (tmp_path / "log" / "http.log").write_text(f'{{"event":"{NAME}"}}')
    (tmp_path / "secrets" / "vault_key").write_text(PHONE)
    with sqlite3.connect(tmp_path / "adapter.sqlite") as store:
        store.execute("create table asks (body blob)")
        store.execute("insert into asks values (?)", (b"x" * 9_000 + PHONE.encode() + b"x" * 9_000,))
    sizes: dict[str, int] = {}

    found = search(
        files(tmp_path, without=("secrets/",)), HAYSTACK, lambda place, size: sizes.update({place.name: size})
    )

    assert found == {
        Finding("log/http.log", Needle("name", NAME)), Finding("file/adapter.sqlite", Needle("phone", PHONE)),
    }  # fmt: skip
    assert set(sizes) == {"log/http.log", "file/adapter.sqlite"}
    store.close()


def test_a_report_of_a_finding_does_not_repeat_it() -> None:
    assert NAME not in Needle("name", NAME).masked and PHONE not in Needle("phone", PHONE).masked
