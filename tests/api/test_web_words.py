"""What a form says about a wrong field is Chinese, whatever the library says."""

from __future__ import annotations

from typing import Any

import pytest
from marshmallow import ValidationError, fields, validate

from shared.web.words import in_chinese


def english(kind: Any) -> list[str]:
    """Every sentence a class of marshmallow can say."""
    words = list(getattr(kind, "default_error_messages", {}).values())
    return words + [
        word
        for name, word in vars(kind).items()
        if isinstance(word, str) and (name == "default_message" or name.startswith("message_"))
    ]


def test_every_sentence_of_the_library_has_its_chinese() -> None:
    kinds = [k for m in (fields, validate) for k in vars(m).values() if isinstance(k, type)]
    said = {
        sentence
        for kind in kinds
        for sentence in english(kind)
        if sentence[:1].isupper() or sentence.startswith('"')
    }
    said = {s.format_map(Words()) for s in said if not s.startswith("Must be {min_op}")}
    said -= {s for s in said if not s.endswith(".") or "{" in s}
    ranges = [validate.Range(min=1), validate.Range(max=9, max_inclusive=False), validate.Range(1, 9)]
    said |= {spoken(check, 0) for check in ranges[:1]} | {spoken(check, 10) for check in ranges[1:]}

    untranslated = {sentence for sentence in said if in_chinese(sentence) == sentence}

    assert untranslated == set()


class Words(dict[str, str]):
    """Stands in for every value a sentence can hold."""

    def __missing__(self, key: str) -> str:
        usual = {"obj_type": "datetime", "awareness": "aware", "min": "1", "max": "9", "equal": "4"}
        return usual.get(key, "x")


def spoken(check: validate.Validator, value: Any) -> str:
    """What a validator says about a value it refuses."""
    with pytest.raises(ValidationError) as refused:
        check(value)
    return str(refused.value.messages[0])


def test_our_own_sentences_stay_as_they_are() -> None:
    assert in_chinese("小写字母开头") == "小写字母开头"
