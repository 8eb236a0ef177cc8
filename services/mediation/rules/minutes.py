"""The record of a sitting: sealed, added to, never overwritten. Late minutes can make a round count."""

from __future__ import annotations

from dataclasses import replace

from services.mediation.model import Matter, Minutes, Session
from services.mediation.model.commands import WriteMinutes
from services.mediation.model.words import OPPOSED
from services.mediation.rules.by import By
from shared.crypto import Sealer
from shared.errors import Refused

TEXTS = ("facts", "law", "proposals")


def written(matter: Matter, session: Session, ask: WriteMinutes, by: By) -> Session:
    """The sitting with one more version of its minutes."""
    silent = [side for side in OPPOSED if not ask.views.get(side, "").strip()]
    if silent:
        raise Refused("笔录须写明双方各自的意见", code="views_missing", missing=silent)

    def seal(text: str, field: str) -> bytes:
        return by.sealer.seal(text, owner=matter.mm_id, field=f"{session.session_id}.{field}")

    version = Minutes(
        at=by.at,
        by=by.actor.ref,
        **{name: seal(getattr(ask, name), name) for name in TEXTS},
        views={side: seal(text, f"views.{side}") for side, text in ask.views.items()},
    )
    return replace(session, minutes=(*session.minutes, version))


def opened(matter: Matter, session: Session, version: Minutes, sealer: Sealer) -> dict[str, object]:
    """One version in words."""

    def words(sealed: bytes, field: str) -> str:
        return sealer.open(sealed, owner=matter.mm_id, field=f"{session.session_id}.{field}")

    texts = {name: words(getattr(version, name), name) for name in TEXTS}
    views = {side: words(sealed, f"views.{side}") for side, sealed in version.views.items()}
    return {"at": version.at, "by": version.by, **texts, "views": views}
