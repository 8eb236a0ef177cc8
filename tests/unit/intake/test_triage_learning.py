"""A county's history teaches: measured on texts it had not seen, and nobody is in what was learned."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

from services.intake.handlers.examining import reader
from services.intake.rules.triage.examples import plain
from services.intake.rules.triage.grams import grams
from services.intake.rules.triage.suggesting import suggestion
from services.intake.store.models import BadModel, parsed, read
from services.intake.triage_cli import triage
from shared.profile import profile

SCHOOL = ("学校食堂饭菜不干净", "老师周末有偿补课", "幼儿园学费涨价", "孩子转学没有学籍", "招生乱收费")
HOMES = ("小区电梯坏了没人修", "物业公司乱收停车费", "开发商延期交房", "楼顶漏水物业不管", "路灯不亮井盖丢失")
WHEN = ("上周", "昨天", "这个月", "最近", "去年", "一直", "今天", "春节", "夏天", "前天", "周一", "夜里")
DATA = os.environ.get("YIZHAN_DATA", "")
NAME, PHONE = "赵铁柱", "13800130000"


def history(path: Path, *, extra: str = "") -> Path:
    """A hundred and twenty sorted messages, every one told by the same man."""
    lines = ["留言主题,留言详情,一级分类"]
    for label, matters in (("教育文体", SCHOOL), ("城乡建设", HOMES)):
        for when in WHEN:
            for n, matter in enumerate(matters):
                told = f"我叫{NAME}，电话{PHONE}。{when}{matter}，已经反映{n + 2}次，请处理"
                lines.append(f"{matter},{told},{label}")
    path.write_text("\n".join(lines) + "\n" + extra, encoding="utf-8")
    return path


def run(*words: object) -> Result:
    """A command."""
    return CliRunner().invoke(triage, [str(word) for word in words])


def figures(result: Result) -> dict[str, Any]:
    """The last line that it wrote."""
    found: dict[str, Any] = json.loads(result.stdout.splitlines()[-1])
    return found


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of that history."""
    folder = tmp_path_factory.mktemp("model")
    made = run("train", "--data", history(folder / "history.csv"), "--out", folder / "model.npz")
    assert made.exit_code == 0, made.output
    return folder / "model.npz"


def test_the_last_line_of_an_examination_is_its_figures(model: Path, tmp_path: Path) -> None:
    data = history(tmp_path / "new.csv")

    taught = figures(run("evaluate", "--data", data, "--data", data, "--model", model))
    words = figures(run("evaluate", "--data", data))

    assert (taught["accuracy"], taught["macro_f1"], taught["texts"]) == (1.0, 1.0, 240)
    assert set(taught["per_class"]) == {"education_culture", "urban_construction"}
    assert 0 < taught["ms_per_text"] < 50
    assert words["accuracy"] > 0.8 and words["by"] == "words@2"


def test_the_same_history_gives_the_same_file(model: Path, tmp_path: Path) -> None:
    again = run("train", "--data", history(tmp_path / "a.csv"), "--out", tmp_path / "again.npz")

    assert again.exit_code == 0
    assert (tmp_path / "again.npz").read_bytes() == model.read_bytes()


def test_nobody_who_told_is_in_the_model(model: Path) -> None:
    learned = read(model)
    known = learned.heads["message"].known

    for piece in (NAME, NAME[:2], NAME[1:], PHONE[:4], PHONE[-4:]):
        assert not np.isin(grams(piece)[-1], known)
    assert np.isin(grams("学校")[-1], known)
    assert NAME.encode() not in model.read_bytes()


def test_who_tells_it_changes_nothing(model: Path) -> None:
    one = reader(profile(), model)
    people = ((NAME, PHONE), ("钱多多", "13900139000"))
    told = [f"我叫{name}，学校食堂饭菜不干净，电话{phone}" for name, phone in people]

    first, second = (suggestion(one, "", plain(text), "990101", "complaint") for text in told)

    assert first == second
    assert first.category == "education_culture"


def test_a_suggestion_by_a_model_says_which_words_decided_and_by_which_model(model: Path) -> None:
    found = suggestion(reader(profile(), model), "", "楼顶漏水物业不管", "990101", "complaint")

    assert found.category == "urban_construction"
    assert found.by.startswith("model@")
    assert any(reason in "楼顶漏水物业不管" for reason in found.candidates[0].reasons)


def test_what_a_model_never_saw_is_read_by_the_words_or_left_open(model: Path) -> None:
    one = reader(profile(), model)

    assert suggestion(one, "", "hello hello", "990101", "complaint").category is None
    assert suggestion(one, "", "", "990101", "complaint").category is None


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("甲,乙\n1,2\n", "文件里有：甲、乙"),
        ("留言详情,一级标签\n路灯不亮,外太空\n", "“外太空”1行"),
        ("留言详情,一级标签\n,城乡建设\n", "没有文字"),
        ("", "空的"),
        ("案由,案情\n天气,很好\n", "“天气”1行"),
    ],
)
def test_data_that_cannot_be_used_is_refused_in_words(tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / "bad.csv").write_text(content, encoding="utf-8")

    for command in (("evaluate",), ("train", "--out", tmp_path / "m.npz")):
        refused = run(*command, "--data", tmp_path / "bad.csv")
        assert refused.exit_code == 1
        assert said in refused.output and "bad.csv" in refused.output


def test_rows_that_cannot_be_used_are_counted_and_told(tmp_path: Path) -> None:
    data = history(tmp_path / "some.csv", extra="题,文,没有的类\n题,文,没有的类\n")

    found = run("evaluate", "--data", data)

    assert "2行的分类不认识" in found.stderr
    assert figures(found)["texts"] == 120


def test_too_little_history_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "few.csv").write_text("留言详情,一级标签\n路灯不亮,城乡建设\n", encoding="utf-8")

    refused = run("train", "--data", tmp_path / "few.csv", "--out", tmp_path / "m.npz")

    assert "太少" in refused.output
    assert not (tmp_path / "m.npz").exists()


def test_causes_of_action_become_categories_of_disputes_by_the_table(tmp_path: Path) -> None:
    facts = {"民间借贷纠纷": "被告出具借条借款五万元至今未还", "离婚纠纷": "夫妻感情破裂请求离婚并抚养孩子"}
    lines = ["案由,案情", *(",".join(pair) for pair in facts.items())]
    (tmp_path / "cases.csv").write_text("\n".join(lines), encoding="utf-8")

    found = figures(run("evaluate", "--data", tmp_path / "cases.csv"))

    assert set(found["per_class"]) == {"contract", "marriage_family"}
    assert found["accuracy"] == 1.0


def test_a_model_that_is_broken_or_older_is_refused_with_a_sentence(model: Path, tmp_path: Path) -> None:
    whole = model.read_bytes()
    bent = bytearray(whole)
    bent[len(bent) // 2] ^= 255

    half = whole[: len(whole) // 2]
    for data in (b"", b"PK\x03\x04", half, bytes(bent), b"\x80\x04\x95pickle", _older(whole)):
        (tmp_path / "bad.npz").write_bytes(data)
        with pytest.raises(BadModel, match="训练"):
            parsed(data)
        refused = run("evaluate", "--data", history(tmp_path / "h.csv"), "--model", tmp_path / "bad.npz")
        assert refused.exit_code == 1 and "模型" in refused.output


@pytest.mark.skipif(not DATA, reason="real messages are not part of the repository: set YIZHAN_DATA")
@pytest.mark.parametrize(
    ("file", "least"), [("messages/labelled_rows.csv", 0.75), ("disputes/civil_cases.csv", 0.75)]
)
def test_the_words_alone_are_right_three_times_out_of_four(file: str, least: float) -> None:
    found = figures(run("evaluate", "--data", Path(DATA) / file))

    assert found["accuracy"] >= least
    assert found["ms_per_text"] <= 5


def _older(whole: bytes) -> bytes:
    """The same model as version 0 of the format would have it."""
    with np.load(io.BytesIO(whole)) as arrays:
        kept = dict(arrays)
    header = json.loads(kept["header"].tobytes()) | {"version": 0}
    kept["header"] = np.frombuffer(json.dumps(header).encode(), dtype=np.uint8)
    into = io.BytesIO()
    np.savez(into, **kept)
    return into.getvalue()
