"""Residents apply from home: what they typed is kept under a code, and becomes a registration when sent."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from services.intake.handlers import registering
from services.intake.handlers.policy import policy
from services.intake.handlers.registering import Registered
from services.intake.model import Form
from services.intake.store import Stores
from services.intake.store.drafts import Draft
from shared import ids
from shared.decision import Actor, Cause
from shared.errors import NotFound, Refused, TooMany
from shared.profile import profile

RESIDENT = Actor(ref="online", role="system")
MOST_TRIES = 20  # a minute from one place
LONGEST = 64 * 1024
PHONES = ("Mobile", "Android", "iPhone", "HarmonyOS", "MicroMessenger")


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A draft, the code that opens it, and until when."""

    code: str
    fields: dict[str, Any]
    until: datetime


def channel(agent: str) -> str:
    """Which of the two online channels a browser is; both make the same draft."""
    return "web_mobile" if any(word in agent for word in PHONES) else "web_pc"


def keep(all: Stores, fields: dict[str, Any], code: str, source: str, now: datetime) -> Kept:
    """Keep what was typed, under the code it has or a new one. Raises Refused when it is too long."""
    count(all, source, now)
    mark = _found(all, code, now).mark if code else ""
    content = json.dumps(fields, ensure_ascii=False).encode("utf-8", "replace")
    if len(content) > LONGEST:
        raise Refused("内容太长，请到窗口办理", code="draft_too_long", fields={"summary": ["内容太长"]})
    code = _clean(code) or ids.query_code()
    until = now + timedelta(days=profile().online.draft_days)
    mark = mark or all.sealer.blind_index("draft", code)
    sealed = all.sealer.seal_bytes(content, owner=mark, field="draft")
    all.drafts.put(Draft(mark=mark, sealed=sealed, until=until))
    return Kept(code=code, fields=fields, until=until)


def opened(all: Stores, code: str, source: str, now: datetime) -> Kept:
    """What was typed. Raises NotFound for a wrong or an old code, TooMany for the one who tries many."""
    count(all, source, now)
    found = _found(all, code, now)
    fields = json.loads(all.sealer.open_bytes(found.sealed, owner=found.mark, field="draft"))
    return Kept(code=_clean(code), fields=fields, until=found.until)


def send(all: Stores, form: Form, code: str, now: datetime) -> Registered:
    """Register it, with the post on the rota as first receiver; sent twice it is one registration."""
    key = all.sealer.blind_index("application", _clean(code)) if code else ""
    cause = Cause(at=now, actor=RESIDENT, key=key, digest="", correlation=ids.new())
    known = policy(form.region, now)
    made = registering.register(all, replace(form, window="", zone=None), cause, known)
    for mark in all.sealer.blind_indexes("draft", _clean(code)) if code else ():
        all.drafts.drop(mark)
    return made


def _found(all: Stores, code: str, now: datetime) -> Draft:
    """The draft behind a code, whichever key of the index marked it."""
    for mark in all.sealer.blind_indexes("draft", _clean(code)):
        if found := all.drafts.get(mark, now):
            return found
    raise NotFound("没有这份草稿，可能已提交或过期，请核对取件码", code="draft_not_found")


def _clean(code: str) -> str:
    return code.strip().upper()


def count(all: Stores, source: str, now: datetime) -> None:
    """Raises TooMany for the twenty-first try in a minute from one place."""
    if all.attempts.count(all.sealer.blind_index("draft_source", source), now) > MOST_TRIES:
        raise TooMany("操作太频繁，请过一分钟再试")
