"""Takes people out of a text before anything is learned or suggested from it: names, numbers, mail.

What a matter is about never depends on who tells it (DOMAIN 3.9). Rather a word too many goes than a
name stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from services.intake.rules.triage.names import COMPOUND, CUES, NOT_NAMES, SURNAMES, TITLES

_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|https?://[^\s\u3400-\u9fff]+|www\.[^\s\u3400-\u9fff]+")
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][a-z][·.]?[a-z0-9×*]{4,6}"
)
_NUMBER = re.compile(r"[a-z]?\d[\dx*×\-]*\d[xX]?|\d")
_GIVEN = r"[\u4e00-\u9fff]{1,2}"
_HIDDEN = rf"(?:{COMPOUND}|[{SURNAMES}])(?:某|x|×|\*|甲|乙|丙|丁){{1,3}}\d*"
_ADDRESSED = re.compile(rf"(?:{COMPOUND}|[{SURNAMES}])(?:{_GIVEN})?(?={TITLES})")
_MASKED = re.compile(_HIDDEN)
_CUED = re.compile(rf"(?:{CUES})((?:{COMPOUND}|[{SURNAMES}]){_GIVEN})")
NUMBER_SIGN = "0"


def unnamed(text: str, known: Iterable[str] = ()) -> str:
    """A folded text without people: `known` names, names by their signs; all figures become one sign."""
    bare = _PLATE.sub("", _MAIL.sub("", text))
    for name in sorted({*known, *_named(bare)}, key=len, reverse=True):
        bare = bare.replace(name, "") if len(name) > 1 else bare
    return figures_gone(_ADDRESSED.sub(_gone, _MASKED.sub("", bare)))


def figures_gone(text: str) -> str:
    """A text in which every number is the same sign: an amount, a year, the number of a card."""
    return _NUMBER.sub(NUMBER_SIGN, text)


def _gone(found: re.Match[str]) -> str:
    return found[0] if found[0][:2] in NOT_NAMES else ""


def _named(text: str) -> set[str]:
    """Names that the words before them give away; also their first two characters, where those recur."""
    found = {name for name in _CUED.findall(text) if name[:2] not in NOT_NAMES}
    return found | {name[:2] for name in found if len(name) > 2 and text.count(name) < text.count(name[:2])}
