"""One way of writing for a text that people, scanners and copied web pages wrote in many.

Used wherever two texts are compared or a word is looked for: suggestions, duplicates, searching.
It is for machines: what a resident wrote is kept and shown as it was written.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from opencc import OpenCC

_RADICALS = str.maketrans(
    "⺁⺇⺌⺎⺏⺐⺑⺒⺓⺝⺠⺡⺢⺣⺦⺨⺩⺪⺫⺬⺭⺮⺳⺶⺷⺻⺼⺾⻀⻄⻅⻆⻇⻈⻉⻋⻌⻍⻎⻏⻑⻒⻓⻔⻖⻘⻙⻚⻛⻜⻝⻠⻢⻣⻤⻥⻦⻨⻩⻬⻮⻰⻳",
    "厂几小兀尢尢尢巳幺月民水水火丬犬王疋网示示竹网羊羊聿肉艹艹西见角角讠贝车辶辶辶阝长镸长门阝青韦页风飞食饣马骨鬼鱼鸟麦黄齐齿龙龟",
)
"""Parts of characters that scanners and PDF files put for the character; NFKC knows only the others."""
_NOISE = re.compile(
    "[\u00ad\u034f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ud800-\udfff\ue000-\uf8ff\ufe00-\ufe0f\ufeff\ufff9-\ufffd]"
)
"""Marks without a picture of their own: joiners, directions, halves of characters, unassigned signs."""
_ESCAPED = re.compile(r"_x000[0-9a-dA-D]_")  # what spreadsheets write for the end of a line
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_GAP = re.compile(r"\s+")
_HAN = "\u3400-\u9fff\uf900-\ufaff"
_LOOSE = re.compile(rf"(?<=[{_HAN}，。、；：？！,;:?!]) | (?=[{_HAN}，。、；：？！,;:?!])")
_ZERO = re.compile(r"(?<=\d)[oO](?=[\doO年月日元%])")
_ONE = re.compile(r"(?<=\d)[lI|](?=\d)")
_AGAIN = re.compile(r"([^\w\s])\1+")
_SIGNS = re.compile(r"[\W_]+")


def fold(text: str) -> str:
    """The text in simplified script, half-width and lower case, without marks that nobody reads.

    Gaps, tabs and line ends between Chinese characters go, a row of the same sign becomes one, and what
    scanners commonly mistake is put right: radicals for characters, letters O and l between figures.
    """
    even = unicodedata.normalize("NFKC", text.translate(_RADICALS))
    shown = _CONTROL.sub(" ", _ESCAPED.sub(" ", _NOISE.sub("", even)))
    closed = _LOOSE.sub("", _GAP.sub(" ", shown)).strip()
    figures = _ONE.sub("1", _ZERO.sub("0", closed))
    return _AGAIN.sub(r"\1", simplified(figures)).lower()


def letters(text: str) -> str:
    """The folded text without spaces, punctuation and pictures: only what is read aloud."""
    return _SIGNS.sub("", fold(text))


def simplified(text: str) -> str:
    """A text in simplified script."""
    return str(_to_simplified().convert(text))


@cache
def _to_simplified() -> OpenCC:
    return OpenCC("t2s")
