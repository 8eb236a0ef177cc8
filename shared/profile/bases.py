"""The register of documents that a profile rests on: every basis names one, and one that was in force."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from shared.profile.findings import Complaint, repeats
from shared.profile.shape import Text
from shared.profile.source import Steps


@dataclass(frozen=True, kw_only=True)
class Document:
    """A law or a paper of the county, with its date and validity, or a note why there is none."""

    title: Text
    number: str = ""
    issued: date | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    note: str = ""

    def named_in(self, basis: str) -> bool:
        """Whether a basis names this document, by its title or its number."""
        return self.title in basis or bool(self.number and self.number in basis)


def complaints(documents: tuple[Document, ...], effective: date, data: object) -> Iterator[Complaint]:
    """Every basis in the file that names no document of the register, or only such as were over by then."""
    yield from _register(documents)
    for steps, basis in every_basis(data, ()):
        named = [document for document in documents if document.named_in(basis)]
        if not named:
            yield steps, f"依据没有写明 documents 里的文件：{basis}"
        elif all(document.valid_until and document.valid_until < effective for document in named):
            yield steps, f"依据的文件在生效日之前已经失效：{named[0].title}"


def every_basis(data: object, steps: Steps) -> Iterator[tuple[Steps, str]]:
    """Every `basis` of the file with its path."""
    pairs: Any = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in pairs:
        if key == "basis" and isinstance(value, str):
            yield (*steps, key), value
        else:
            yield from every_basis(value, (*steps, key))


def _register(documents: tuple[Document, ...]) -> Iterator[Complaint]:
    for index in repeats([document.title for document in documents]):
        yield ("documents", index, "title"), f"文件写了两次：{documents[index].title}"
    for index, document in enumerate(documents):
        if document.issued is None and not document.note:
            yield ("documents", index), "写明印发日期 issued；没有日期的，用 note 说明原因"
