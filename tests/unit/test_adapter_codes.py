"""The tables of codes are files a county edits: every mistake is named with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from yizhan_adapter import Accepted, CodeTable, Concluded, Names, Progressed, Returned, UnknownCode
from yizhan_adapter.errors import Misconfigured

HEAD = "code,tell,as,meaning\n"
GOOD = (
    HEAD
    + "01,,,已接收\n10,accepted,,受理\n21,returned,not_competent,非本院管辖\n31,progressed,heard,调解中\n"
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package of its own name, so that no other test's is found."""
    package = tmp_path / f"yizhan_toy_{abs(hash(tmp_path))}"
    package.mkdir()
    (package / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    return package


def table(folder: Path, text: str) -> CodeTable:
    (folder / "codes.csv").write_text(text, encoding="utf-8")
    return CodeTable.read(folder.name)


def test_a_file_says_what_each_code_means_to_us(folder: Path) -> None:
    found = table(folder, GOOD + "90,concluded,mediated_written,调解成功\n")

    assert [found.answer(code) for code in ("01", "10", "21", "31", "90")] == [
        None,
        Accepted(),
        Returned("not_competent"),
        Progressed("heard"),
        Concluded("mediated_written"),
    ]
    assert found.faults() == []
    assert found.rows["21"][1] == "非本院管辖"


def test_a_file_saved_by_a_spreadsheet_is_read_too(folder: Path) -> None:
    assert table(folder, "\ufeff" + GOOD.replace("\n", "\r\n")).answer("10") == Accepted()


def test_a_code_that_is_not_in_the_file_is_an_error_that_names_it(folder: Path) -> None:
    with pytest.raises(UnknownCode, match="'77'"):
        table(folder, GOOD).answer("77")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("kode,tell,as,meaning\n", "first line is code,tell,as,meaning"),
        (HEAD + "10,accepted,,a\n10,,,b\n", "line 3: code '10' comes twice"),
        (HEAD + "21,returned,busy,忙\n", "line 2: no such reason for a return: 'busy'"),
        (HEAD + "90,concluded,won,赢\n", "line 2: no such outcome: 'won'"),
        (HEAD + "90,finished,,完\n", "line 2: 'finished' is none of accepted, returned"),
        (HEAD + "10,accepted,soon,受理\n", "line 2: 'soon' stands where nothing is meant"),
        (HEAD + "10,accepted\n", "line 2: 4 columns are meant"),
        (HEAD + "10,accepted,,a,b\n", "line 2: 4 columns are meant"),
    ],
)
def test_a_mistake_in_the_file_is_named_with_its_line(folder: Path, text: str, said: str) -> None:
    with pytest.raises(Misconfigured, match=said):
        table(folder, text)


def test_a_file_that_is_not_utf_8_is_said_to_be_none(folder: Path) -> None:
    (folder / "codes.csv").write_bytes("code,tell,as,meaning\n10,accepted,,受理\n".encode("gb18030"))

    with pytest.raises(Misconfigured, match="UTF-8"):
        CodeTable.read(folder.name)


def test_our_words_become_theirs_and_the_star_takes_the_rest(folder: Path) -> None:
    (folder / "kinds.csv").write_text("ours,theirs,why\ntraffic,JTSG,道路交通\n*,QTJF,其余\n")

    found = Names.read(folder.name, "kinds.csv")

    assert [found.theirs(ours) for ours in ("traffic", "tourism", None)] == ["JTSG", "QTJF", "QTJF"]


def test_a_word_of_ours_without_theirs_is_an_error_that_names_it(folder: Path) -> None:
    (folder / "kinds.csv").write_text("ours,theirs,why\ntraffic,JTSG,道路交通\n")

    with pytest.raises(UnknownCode, match="'tourism'"):
        Names.read(folder.name, "kinds.csv").theirs("tourism")
