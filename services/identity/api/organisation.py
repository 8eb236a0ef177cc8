"""The organisation over HTTP: cards of units, posts with days, readiness, one's own line on the wall."""

from __future__ import annotations

import base64
from dataclasses import asdict
from typing import Any

import filetype

from services.identity.api.people import following, mine
from services.identity.handlers import organisation
from services.identity.handlers.units import unit_id
from services.identity.model.organisation import Card, Posting
from services.identity.schemas import PageQuery
from services.identity.schemas import organisation as schemas
from services.identity.store import Stores
from shared.aggregate import Held
from shared.calendar import day_of
from shared.errors import Refused
from shared.profile import profile
from shared.web import answer, blueprint, caller, cause, here, in_scope, needs, site

KEEPERS = ("sys_admin", "director")
PICTURES = ("image/png", "image/jpeg")
bodies = blueprint("organisation", "Cards, posts, readiness, and what hangs on the wall")


@bodies.route("/unit-kinds")
@needs()
@bodies.response(200, schemas.KindList)
def kinds() -> Any:
    """The kinds of units that can be registered."""
    return {"items": [{"kind": code, **found} for code, found in organisation.kinds().items()]}


@bodies.route("/social-organisations")
@needs()
@bodies.arguments(PageQuery, location="query")
@bodies.response(200, schemas.SocialList)
def social(asked: dict[str, Any]) -> Any:
    """The register of social organisations, with their state of growth."""
    found = organisation.social(here(Stores), asked["region"], asked["after"], asked["limit"])
    items = [
        {"id": held.id, "version": held.version, "growth": card.growth}
        | {name: getattr(held.state, name) for name in ("code", "name", "region")}
        for held, card in found
    ]
    return {"items": items, "next": following([held for held, _ in found], asked["limit"])}


@bodies.route("/units/<code>/card")
@needs()
@bodies.arguments(schemas.DayQuery, location="query")
@bodies.response(200, schemas.CardAnswer)
def show_card(asked: dict[str, Any], code: str) -> Any:
    """A unit's card; with a day, under the name it had then."""
    unit, held = organisation.card(here(Stores), code)
    return answer(held, _card(held, held.state.name_on(asked["on"] or _today(), unit.state.name)))


@bodies.route("/units/<code>/card", methods=["PUT"])
@needs(*KEEPERS)
@bodies.arguments(schemas.CardRequest)
@bodies.response(200, schemas.CardAnswer)
def fill_in(asked: dict[str, Any], code: str) -> Any:
    """Fill in a unit's card: host, parts, size, rooms, seats, what was seen at the place."""
    _mine(code)
    return _answered(organisation.fill_in(here(Stores), code, asked, cause()))


@bodies.route("/units/<code>/names", methods=["POST"])
@needs(*KEEPERS)
@bodies.arguments(schemas.NameRequest)
@bodies.response(200, schemas.CardAnswer)
def rename(asked: dict[str, Any], code: str) -> Any:
    """Another name from a day on."""
    _mine(code)
    return _answered(organisation.rename(here(Stores), code, asked["name"], asked["since"], cause()))


@bodies.route("/units/<code>/merger", methods=["POST"])
@needs(*KEEPERS)
@bodies.arguments(schemas.MergeRequest)
@bodies.response(200, schemas.CardAnswer)
def merge(asked: dict[str, Any], code: str) -> Any:
    """The unit goes into another one on a day."""
    _mine(code)
    _mine(asked["into"])
    return _answered(organisation.merge(here(Stores), code, asked["into"], asked["on"], cause()))


@bodies.route("/units/<code>/postings", methods=["POST"])
@needs(*KEEPERS)
@bodies.arguments(schemas.PostingRequest)
@bodies.response(201, schemas.PostingAnswer)
def post(asked: dict[str, Any], code: str) -> Any:
    """Somebody holds a post at a unit, from a day on."""
    region = _mine(code)
    mine(asked["account"])
    wanted = Posting(unit=code, region=region, **(asked | {"since": str(asked["since"])}))
    held = organisation.post(here(Stores), wanted, cause())
    return answer(held, _posting(held))


@bodies.route("/postings/<uuid:posting_id>/end", methods=["POST"])
@needs(*KEEPERS)
@bodies.arguments(schemas.EndRequest)
@bodies.response(200, schemas.PostingAnswer)
def leave_post(asked: dict[str, Any], posting_id: Any) -> Any:
    """The post is held no longer; who held it stays on record."""
    in_scope(here(Stores).postings.load(str(posting_id)).state.region)
    held = organisation.leave_post(here(Stores), str(posting_id), asked["until"], cause())
    return answer(held, _posting(held))


@bodies.route("/units/<code>/postings")
@needs()
@bodies.arguments(schemas.DayQuery, location="query")
@bodies.response(200, schemas.PostingList)
def postings(asked: dict[str, Any], code: str) -> Any:
    """Who holds which post at a unit on a day, or ever did."""
    found = organisation.posted(here(Stores), code, asked["on"])
    return {"items": [{"id": held.id, "version": held.version} | _posting(held) for held in found]}


@bodies.route("/units/<code>/readiness")
@needs()
@bodies.response(200, schemas.ReadinessAnswer)
def readiness(code: str) -> Any:
    """Whether a centre has what it must have: a director, full-time staff, who answers for it, its signs."""
    missing = organisation.readiness(here(Stores), code, _today())
    return {"ready": not missing, "missing": dict(missing)}


@bodies.route("/wall", methods=["PUT"])
@needs()
@bodies.arguments(schemas.WallRequest)
@bodies.response(200, schemas.WallAnswer)
def agree(asked: dict[str, Any]) -> Any:
    """Agree to be shown on the public sheet, with this contact and picture."""
    photo = _picture(asked["photo"])
    held = organisation.agree(here(Stores), caller().ref, asked["contact"], photo, cause())
    shown = {"contact": held.state.contact, "photo": bool(photo), "agreed_at": held.state.agreed_at}
    return answer(held, shown)


@bodies.route("/wall", methods=["DELETE"])
@needs()
@bodies.response(204)
def take_down() -> None:
    """Take the word back: nothing is shown any more, contact and picture are gone."""
    organisation.take_down(here(Stores), caller().ref, cause())


def _picture(sent: str) -> bytes:
    try:
        photo = base64.b64decode(sent, validate=True)
    except ValueError:
        photo = b"?"
    if photo and filetype.guess_mime(photo) not in PICTURES:
        raise Refused("照片应为 PNG 或 JPEG", code="not_a_picture", fields={"photo": ["应为 PNG 或 JPEG"]})
    return photo


def _mine(code: str) -> str:
    """The region of a unit inside the caller's own."""
    region = here(Stores).units.load(unit_id(code)).state.region
    in_scope(region)
    return region


def _today() -> Any:
    return day_of(site().clock())


def _answered(held: Held[Card]) -> Any:
    unit = here(Stores).units.load(unit_id(held.state.unit)).state
    return answer(held, _card(held, held.state.name_on(_today(), unit.name)))


def _card(held: Held[Card], name: str) -> dict[str, Any]:
    return asdict(held.state) | {"name": name}


def _posting(held: Held[Posting]) -> dict[str, Any]:
    role = profile().roles.get(held.state.post)
    said = {"title": role.title, "duty": role.duty} if role else {"title": "", "duty": ""}
    return asdict(held.state) | said
