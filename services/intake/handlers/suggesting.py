"""Suggesting what a matter is: the text is read and forgotten; only codes are kept, nothing is applied."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from services.intake.handlers import vault
from services.intake.model import Form, Registration
from services.intake.model.suggestion import Suggested, Suggestion
from services.intake.rules import sealing
from services.intake.rules.triage.examples import plain
from services.intake.rules.triage.suggesting import Reader, kept, suggestion
from services.intake.rules.triage.words import Words
from services.intake.store import Stores
from shared.aggregate import Held
from shared.errors import Unavailable
from shared.profile import Profile, profile
from shared.settings import settings

if TYPE_CHECKING:
    from services.intake.store.models import Learned

log = logging.getLogger(__name__)
LONGEST = 100_000  # characters of a text that are read


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A registration, what is suggested for it now, and what was suggested when it was taken in."""

    held: Held[Registration]
    suggestion: Suggestion
    kept: Suggested | None


def suggest(
    title: str, body: str, region: str, matter_type: str | None = None, names: tuple[str, ...] = ()
) -> Suggestion:
    """What the county's words, or what it learned, make of a text. `names` are known to be people's.

    Raises Unavailable where the county has switched suggestions off.
    """
    county = profile()
    if not county.triage.enabled:
        raise Unavailable("本县没有启用分类建议，请直接选择", code="suggestions_off")
    head, text = (plain(given[:LONGEST], names) for given in (title, body))
    return suggestion(reader(county, settings().triage_model), head, text, region, matter_type)


def for_form(form: Form) -> Suggested | None:
    """What is kept with a registration. A fault here never keeps a matter from being taken in (IN-25)."""
    if not profile().triage.enabled:
        return None
    names = tuple(party.name for party in form.parties if party.name)
    try:
        text = "\n".join((form.summary, *form.requests))
        return kept(suggest(form.title, text, form.region, form.matter_type, names))
    except Exception as error:  # its text might quote the matter: only its kind is told
        log.error("no suggestion could be made", extra={"fault": type(error).__name__})
        return None


def for_registration(all: Stores, id: str, actor: Any, roles: Any) -> Shown:
    """The suggestion for a matter that was taken in, with its reasons, for those who may read it."""
    held = vault.readable(all, id, actor, roles)
    state = held.state
    title, summary = (sealing.opened(state, field, all.sealer) for field in ("title", "summary"))
    text = "\n".join((summary, *sealing.requests(state, all.sealer)))
    names = tuple(filter(None, (sealing.personal(state, p, "name", all.sealer) for p in state.parties)))
    found = suggest(title, text, state.region, state.matter_type, names)
    return Shown(held=held, suggestion=found, kept=state.suggested)


def reader(county: Profile, model: Path | None) -> Reader:
    """What texts are read with. A new model file is read when it is there; a bad one leaves the words."""
    return _reader(county.version_id, model, model.stat().st_mtime_ns if model and model.is_file() else 0)


@lru_cache(maxsize=2)
def _reader(version: str, model: Path | None, changed: int) -> Reader:
    county = profile()
    learned = _learned(model) if model else None
    heads: Mapping[str, Any] = learned.heads if learned else {}
    by = learned.version if learned else f"words@{county.lexicon.version}"
    return Reader(profile=county, words=Words(county.keywords), heads=heads, by=by)


def _learned(model: Path) -> Learned | None:
    from services.intake.store.models import BadModel, read  # only where there is a model: numbers take room

    try:
        return read(model)
    except BadModel as bad:
        log.error("the model is not used", extra={"reason": str(bad)})
        return None
