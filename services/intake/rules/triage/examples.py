"""Reads a county's history for learning: texts that were sorted already; the people in them are left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256

from services.intake.rules.triage.causes import Causes
from services.intake.rules.triage.persons import unnamed
from shared.errors import Refused
from shared.profile import Profile
from shared.tables import Row, Table, text
from shared.text import fold, letters

TITLES = ("留言主题", "标题", "主题", "title")
BODIES = ("留言详情", "案情", "情况说明", "内容", "详情", "summary")
SORTED = ("一级分类", "一级标签", "类别", "分类", "category")
CAUSES = ("案由",)
MOST_SHOWN = 5


@dataclass(frozen=True, kw_only=True)
class Example:
    """One text that somebody sorted."""

    kind: str
    category: str
    title: str
    body: str

    def plain(self) -> Example:
        """The same as suggestions read it: folded, and without people."""
        return replace(self, title=plain(self.title), body=plain(self.body))

    @property
    def mark(self) -> str:
        """The same for copies of one text."""
        return sha256(letters(self.title + self.body).encode()).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Columns:
    """Which columns of a file hold what."""

    title: str
    body: str
    label: str
    is_cause: bool


@dataclass(frozen=True, kw_only=True)
class Codes:
    """How a label becomes a category: by name, alias or code; a cause of action by the table."""

    words: Mapping[str, str]
    kinds: Mapping[str, str]
    causes: Causes

    def category(self, label: str, columns: Columns) -> str | None:
        """The category of a label; None when nobody knows it."""
        bare = fold(label)
        known = self.words.get(bare) or (self.causes.category(bare) if columns.is_cause else None)
        return known if known in self.kinds else None


@dataclass(frozen=True, kw_only=True)
class History:
    """What a file holds, and what of it could not be used."""

    examples: tuple[Example, ...]
    empty: int = 0
    broken: int = 0
    unknown: Mapping[str, int] = field(default_factory=dict)

    @property
    def skipped(self) -> int:
        """How many rows could not be used."""
        return self.empty + self.broken + sum(self.unknown.values())

    def complaints(self) -> Iterable[str]:
        """What could not be used, in words."""
        if self.broken:
            yield f"{self.broken}行残缺，未用"
        if self.empty:
            yield f"{self.empty}行没有文字，未用"
        if self.unknown:
            first = sorted(self.unknown, key=lambda label: (-self.unknown[label], label))[:MOST_SHOWN]
            shown = "、".join(f"“{label[:20]}”{self.unknown[label]}行" for label in first)
            yield f"{sum(self.unknown.values())}行的分类不认识，未用：{shown}"


def codes(profile: Profile, causes: Causes) -> Codes:
    """The labels that this county's categories go by."""
    named = {fold(word): c.code for c in profile.categories for word in (c.code, c.name, *c.aliases)}
    return Codes(words=named, kinds={c.code: c.kind for c in profile.categories}, causes=causes)


def columns(table: Table) -> Columns:
    """The columns that learning needs.

    Raises Refused naming the columns there are and those there should be.
    """
    title, body, sort, cause = (_first(table, names) for names in (TITLES, BODIES, SORTED, CAUSES))
    if not (title or body) or not (sort or cause):
        listed = "、".join(filter(None, table.header)) or "（没有列名）"
        texts, labels = "、".join((*TITLES[:1], *BODIES[:2])), "、".join((*SORTED[:2], *CAUSES))
        said = f"列名对不上。文件里有：{listed}；要有文字列（{texts}之一）和分类列（{labels}之一）"
        raise Refused(said, code="columns_missing")
    return Columns(title=title, body=body, label=sort or cause, is_cause=not sort)


def _first(table: Table, names: tuple[str, ...]) -> str:
    return next((name for name in names if name in table.header), "")


def history(table: Table, known: Codes) -> History:
    """The examples in a table. Raises Refused when its columns do not fit or no row of it can be used."""
    where, unknown = columns(table), Counter[str]()
    found, empty, broken = [], 0, 0
    for row in table.rows:
        label = "" if row.broken else text(table.cell(row, where.label))
        one = None if row.broken else _example(table, row, where, known.category(label, where), known)
        if one:
            found.append(one)
        elif row.broken:
            broken += 1
        elif known.category(label, where) is None:
            unknown[label] += 1
        else:
            empty += 1
    told = History(examples=tuple(found), empty=empty, broken=broken, unknown=unknown)
    if not found:
        raise Refused(
            f"没有一行能用：{'；'.join(told.complaints()) or '文件里没有行'}", code="nothing_to_learn"
        )
    return told


def _example(table: Table, row: Row, where: Columns, category: str | None, known: Codes) -> Example | None:
    title, body = (text(table.cell(row, name)) if name else "" for name in (where.title, where.body))
    if category is None or not letters(title + body):
        return None
    return Example(kind=known.kinds[category], category=category, title=title, body=body)


def plain(written: str, names: Iterable[str] = ()) -> str:
    """A text as suggestions read it: folded, and without people."""
    return unnamed(fold(written), names)
