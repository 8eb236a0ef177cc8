"""What identity decides about the organisation: cards, posts with days, readiness, and the wall."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields, replace

from services.identity.model import ROLES
from services.identity.model.organisation import (
    CHECKLIST,
    FULL_TIME_STAFF,
    SOCIAL,
    Card,
    Merger,
    NameSince,
    Posting,
    WallEntry,
)
from shared.contracts.organisation import (
    CardChanged,
    CardMerged,
    CardRenamed,
    PostingBegun,
    PostingEnded,
    SheetAgreed,
    SheetTakenDown,
)
from shared.decision import Decision
from shared.errors import Illegal, Refused

TOWNSHIP = 9  # digits of a region


def fill_in(card: Card | None, asked: Card) -> Decision[Card] | None:
    """The card as it is asked to be; days of names and mergers stay. Raises Refused for unknown items."""
    before = card or Card(unit=asked.unit, region=asked.region)
    unknown = sorted(set(asked.checklist) - set(CHECKLIST))
    if unknown:
        raise Refused("没有这些检查项", code="item_unknown", fields={"checklist": unknown})
    if asked.hosted_by == asked.unit or asked.unit in asked.composed_of:
        raise Refused("单位不能依托或包含自己", code="own_part", fields={"hosted_by": ["不能是本单位"]})
    kept = {name: getattr(before, name) for name in ("names", "predecessors", "merged_into", "merged_on")}
    after = replace(asked, **kept)
    parts = tuple(f.name for f in fields(Card) if getattr(after, f.name) != getattr(before, f.name))
    if not parts and card is not None:
        return None
    return Decision(state=after, events=(CardChanged(unit=after.unit, parts=parts),), reason="card_changed")


def check_zones(card: Card, zones: Sequence[str]) -> None:
    """Raises Refused for a room in a zone that the county's centres do not have (IN-20)."""
    wrong = [n for n, room in enumerate(card.facilities) if room.zone not in zones]
    if wrong:
        said = f"没有这个区。可用的有：{'、'.join(zones)}"
        fields = {f"facilities.{n}.zone": [said] for n in wrong}
        raise Refused(said, code="zone_unknown", fields=fields)


def check_growth(asked: Card, kind: str) -> None:
    """Raises Refused for a state of growth of anything but a social organisation."""
    if asked.growth and kind != SOCIAL:
        said = "只有社会组织才登记培育状态"
        raise Refused(said, code="no_social_organisation", fields={"growth": [said]})
    if any(contract.until <= contract.since for contract in asked.contracts):
        raise Refused(
            "合同应晚于开始的日子结束", code="ends_too_early", fields={"contracts": ["结束应晚于开始"]}
        )


def rename(card: Card, name: str, since: str, present: str) -> Decision[Card]:
    """Another name from a day on. Raises Refused for a day before the last name's."""
    names = card.names or (NameSince(name=present, since="0001-01-01"),)
    if since <= names[-1].since:
        raise Refused("应晚于上一次改名", code="name_too_early", fields={"since": ["应晚于上一次改名"]})
    after = replace(card, names=(*names, NameSince(name=name, since=since)))
    return Decision(state=after, events=(CardRenamed(unit=card.unit),), reason="renamed")


def merge(card: Card, into: str, on: str) -> Decision[Card]:
    """The unit goes into another one on a day. Raises Illegal when it has gone already."""
    if card.merged_into:
        raise Illegal("这个单位已经并入其他单位", state="merged", allowed=[])
    if into == card.unit:
        raise Refused("不能并入自己", code="own_part", fields={"into": ["不能是本单位"]})
    after = replace(card, merged_into=into, merged_on=on)
    return Decision(state=after, events=(CardMerged(unit=card.unit, into=into),), reason="merged")


def take_in(card: Card, unit: str, on: str) -> Decision[Card] | None:
    """The other side of a merger: whose successor this unit is."""
    if any(each.unit == unit for each in card.predecessors):
        return None
    after = replace(card, predecessors=(*card.predecessors, Merger(unit=unit, on=on)))
    told = CardChanged(unit=card.unit, parts=("predecessors",))
    return Decision(state=after, events=(told,), reason="predecessor")


def post(
    state: Posting | None, id: str, asked: Posting, others: Collection[Posting], holders: Collection[str]
) -> Decision[Posting] | None:
    """Somebody holds a post. Raises Refused for an unknown post, the wrong office, two who are first."""
    if state is not None:
        return None
    if asked.post not in ROLES:
        raise Refused("没有这个岗位", code="roles_unknown", fields={"post": ["没有这个岗位"]})
    if holders and asked.office not in holders:
        said = f"按本县规定，这个岗位由 {'、'.join(holders)} 担任"
        raise Refused(said, code="office_wrong", fields={"office": [said]})
    same = [o for o in others if o.responsibility == asked.responsibility != "" and o.holds(asked.since)]
    if same:
        said = "这一天已有人承担这项责任，请先结束原来的"
        raise Refused(said, code="responsible_taken", fields={"responsibility": [said]})
    told = PostingBegun(
        posting_id=id, unit=asked.unit, post=asked.post, account_id=asked.account,
        responsibility=asked.responsibility or None,
    )  # fmt: skip
    return Decision(state=asked, events=(told,), reason="posting_begun")


def leave_post(posting: Posting, id: str, until: str) -> Decision[Posting]:
    """The post is held until the day before this one; who held it before stays on record."""
    if posting.until:
        raise Illegal("这个任职已经结束", state="ended", allowed=[])
    if until <= posting.since:
        raise Refused("应晚于开始的日子", code="ends_too_early", fields={"until": ["应晚于开始的日子"]})
    told = PostingEnded(posting_id=id, unit=posting.unit, post=posting.post)
    return Decision(state=replace(posting, until=until), events=(told,), reason="posting_ended")


def missing(card: Card | None, postings: Collection[Posting], day: str) -> Mapping[str, str]:
    """What a centre is not ready without, by code, in words; nothing missing means ready."""
    held = [posting for posting in postings if posting.holds(day)]
    region = next((p.region for p in postings), card.region if card else "")
    posts = {posting.post for posting in held}
    found: dict[str, str] = {}
    if "director" not in posts:
        found["director"] = "没有中心主任"
    full_time = len({posting.account for posting in held if posting.full_time})
    if len(region) == TOWNSHIP and full_time < FULL_TIME_STAFF:
        found["full_time"] = f"专职工作人员只有 {full_time} 名，至少要有 {FULL_TIME_STAFF} 名"
    if not any(posting.responsibility == "first" for posting in held):
        found["first_responsible"] = "没有第一责任人"
    done = card.checklist if card else ()
    words = {"outer_wall_sign": "外墙没有统一标识", "office_sign": "办公场所没有挂牌"}
    return found | {item: said for item, said in words.items() if item not in done}


def agree(entry: WallEntry | None, asked: WallEntry) -> Decision[WallEntry] | None:
    """What hangs on the wall about somebody, by their own word."""
    if entry is not None and replace(entry, agreed_at=asked.agreed_at) == asked:
        return None
    return Decision(state=asked, events=(SheetAgreed(account_id=asked.account),), reason="sheet_agreed")


def take_down(entry: WallEntry) -> Decision[WallEntry] | None:
    """The person takes the word back: contact and picture are gone."""
    if not entry.shown:
        return None
    after = replace(entry, shown=False, contact="", photo=b"")
    return Decision(state=after, events=(SheetTakenDown(account_id=entry.account),), reason="taken_down")
