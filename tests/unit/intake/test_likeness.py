"""Sketches of matters: what is found, what is not, and that no word is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bench.invented import COPIES, copies, matter
from services.intake.model.likeness import Sketched
from services.intake.rules.likeness.judging import Alike, Here, alike
from services.intake.rules.likeness.sketch import Hasher, sketch
from services.intake.rules.likeness.telling import shared_words
from services.intake.store.sketches import MemorySketches, written

KEY = Hasher(key=b"k" * 32)
NOW = datetime(2026, 3, 10, tzinfo=UTC)
TITLE, TEXT = (
    "青溪花园夜间施工扰民",
    "我住在青溪花园三栋，对面工地天天干到凌晨两点，打桩声音大得睡不着，老人受不了。",
)
AGAIN = "对面工地天天干到凌晨，我住在青溪花园三栋，打桩声音大得睡不着，孩子第二天还要上课。"


def kept(title: str, text: str, *, id: str = "a", hasher: Hasher = KEY, **more: object) -> Sketched:
    """A matter that was registered."""
    given = Sketched(
        reg_id=id, case_id=id, case_no="990101-2026-000001", region="990101101201", category="neighbour",
        protected=False, at=NOW, group=id, scheme=hasher.scheme, sketch=sketch(title, text, hasher),
    )  # fmt: skip
    return replace(given, **more)  # type: ignore[arg-type]


def judged(title: str, text: str, other: Sketched, *, region: str = "990101101201") -> Alike | None:
    """A new matter against it."""
    return alike(Here(sketch=sketch(title, text, KEY), region=region, at=NOW), other)


@pytest.mark.parametrize(
    "copy", [TEXT, TEXT.replace("，", "\n\t ，\n"), f"  {TEXT}\n\n", "\ufeff" + TEXT.replace("我", "我 ")]
)
def test_an_exact_copy_is_the_same_whatever_its_gaps(copy: str) -> None:
    found = judged("", copy, kept(TITLE, TEXT))

    assert found
    assert found.percent == 100
    assert "same_text" in found.reasons


def test_the_same_matter_in_other_words_is_shown_with_its_reasons() -> None:
    found = judged("青溪花园工地半夜施工扰民", AGAIN, kept(TITLE, TEXT))

    assert found
    assert found.percent >= 75
    assert {"same_place", "close_in_time"} <= set(found.reasons)


def test_another_trouble_at_the_same_place_and_the_same_trouble_elsewhere_are_not_shown() -> None:
    parking = "青溪花园的物业把车位费涨了一倍，事先没有通知，道闸拦着不交钱就不让进门。"
    elsewhere = "白石岭村对面的采石场放炮，墙都震裂了，打桩声音大得睡不着。"

    assert judged("青溪花园停车费乱涨价", parking, kept(TITLE, TEXT)) is None
    assert judged("白石岭采石场放炮", elsewhere, kept(TITLE, TEXT)) is None


def test_like_words_in_another_township_say_less_than_in_the_same_one() -> None:
    here = judged("青溪花园工地施工", AGAIN, kept(TITLE, TEXT))
    there = judged("青溪花园工地施工", AGAIN, kept(TITLE, TEXT), region="990101102")

    assert here
    assert there is None or there.percent < here.percent


def test_what_is_a_year_old_is_less_sure() -> None:
    said = "青溪花园半夜打桩", "对面工地打桩声音大得睡不着，跟工头说了也没有用，大家意见很大。"
    new = judged(*said, kept(TITLE, TEXT))
    old = judged(*said, kept(TITLE, TEXT, at=NOW - timedelta(days=500)))

    assert new
    assert old is None or old.percent < new.percent


@pytest.mark.parametrize("text", ["", " ", "？", "。。。", "停电了", "\x00", "1", "a" * 5000, "了" * 3])
def test_texts_that_say_nothing_are_like_nothing(text: str) -> None:
    assert judged("", text, kept(TITLE, TEXT)) is None
    assert judged(TITLE, TEXT, kept("", text)) is None


@pytest.mark.parametrize("kind", COPIES)
def test_nine_of_ten_copies_are_found_again_however_they_were_changed(kind: str) -> None:
    store, count = MemorySketches(), 150
    told = {str(n): matter(n) for n in range(count)}
    store.keep([kept(one.title, one.text, id=id, at=NOW + timedelta(n)) for n, (id, one) in
                enumerate(told.items())])  # fmt: skip

    found = 0
    for id, one in told.items():
        copy = dict(copies(one, int(id)))[kind]
        here = Here(sketch=sketch(copy.title, copy.text, KEY), region="990101101201", at=NOW)
        found += any(near.reg_id == id and alike(here, near) for near in store.near(here.sketch.keys))

    assert found / count >= 0.9


def test_of_invented_matters_hardly_any_two_are_shown_as_one() -> None:
    told = [matter(n) for n in range(300)]
    store = MemorySketches()
    store.keep([kept(one.title, one.text, id=str(n)) for n, one in enumerate(told)])

    shown = 0
    for n, one in enumerate(told):
        here = Here(sketch=sketch(one.title, one.text, KEY), region="990101101201", at=NOW)
        shown += sum(
            near.reg_id != str(n) and bool(alike(here, near)) for near in store.near(here.sketch.keys)
        )

    assert shown <= 60  # a stranger or none beside each: their titles differ in two or three signs


def test_the_reasons_name_words_of_the_matter_in_hand_and_open_nothing() -> None:
    words = shared_words("青溪花园工地半夜施工扰民", AGAIN, KEY, kept(TITLE, TEXT).sketch)

    assert "青溪花园" in "".join(words)
    assert all(word in "青溪花园工地半夜施工扰民" + AGAIN for word in words)
    assert (
        shared_words(
            "完全不同", "另外一件与此毫无关系的事情，说的是别的内容。", KEY, kept(TITLE, TEXT).sketch
        )
        == ()
    )


def test_a_sketch_holds_no_word_and_is_worth_nothing_without_the_key() -> None:
    doc = written(kept(TITLE, TEXT))
    other = Hasher(key=b"x" * 32)

    assert not any(
        isinstance(value, str) and any(sign in TITLE + TEXT for sign in value) for value in doc.values()
    )
    assert not set(sketch(TITLE, TEXT, other).keys) & set(sketch(TITLE, TEXT, KEY).keys)
    assert not set(sketch(TITLE, TEXT, other).body) & set(sketch(TITLE, TEXT, KEY).body)
    assert other.scheme != KEY.scheme


def test_of_a_long_text_only_a_small_part_is_kept() -> None:
    long = "".join(matter(n).text for n in range(40))

    made = sketch("", long, KEY)

    assert made.size > 800
    assert (len(made.body), len(made.title) <= 60, len(made.keys) <= 29) == (64, True, True)
