"""Sketches and groups: the same suite on the stores in memory and on the real database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bench.invented import matter
from services.intake import store
from services.intake.cli import rebuilt
from services.intake.handlers import likeness
from services.intake.handlers.registering import register
from services.intake.model import CaseView, Form, Registration
from services.intake.rules.likeness import grouping
from services.intake.store import Stores, memory_stores
from services.intake.store.sketches import AT_MOST, PER_KEY
from shared import crypto, ids
from shared.aggregate import Held, MongoStore
from shared.crypto import IndexKey, Sealer
from shared.crypto.ring import Ring
from shared.decision import Actor, Cause, Decision
from shared.place import Place
from tests.servers import TestServers
from tests.unit.intake.forms import NOW, POLICY, applicant, form

CLERK = Actor(ref=ids.derived("tests", "clerk"), role="clerk", unit="centre_101", region="990101101")
LATER = NOW + timedelta(days=1)


@pytest.fixture(params=["memory", "mongo"])
def all(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stores]:
    """Everything intake keeps, in memory and in the real database."""
    if request.param == "memory":
        yield memory_stores()
        return
    servers: TestServers = request.getfixturevalue("servers")
    with servers.entered(monkeypatch):
        for cached in (crypto.sealer, store.stores):
            cached.cache_clear()
        made = store.stores()
        for each in (made.registrations, made.groups, made.views):
            assert isinstance(each, MongoStore)
            each.prepare()
        yield made


def told(n: int, **more: Any) -> Form:
    """An invented matter at the window."""
    one = matter(n)
    person = (applicant(phone=f"139{n % 10**8:08d}"),)
    return form(**{"title": one.title, "summary": one.text, "parties": person, "category": None} | more)


def taken(all: Stores, given: Form, minutes: int = 0) -> Held[Registration]:
    """It is registered."""
    return register(all, given, Cause(at=NOW + timedelta(minutes=minutes), actor=CLERK), POLICY).held


def found(all: Stores, given: Form) -> list[str]:
    """The registrations that look the same."""
    words = likeness.Words(title=given.title, text=given.summary, region=given.region, at=LATER)
    return [one.found.reg_id for one in likeness.look(all, words).found]


def test_what_was_registered_is_found_by_the_next_who_tells_it(all: Stores) -> None:
    first = taken(all, told(1))
    taken(all, told(2))

    again = taken(all, told(1, parties=(applicant(phone="13900130000"),)), 1)

    (shown,) = again.state.possible_duplicates
    assert (shown.reg_id, shown.case_no, shown.percent) == (first.id, first.state.case_no, 100)
    assert "same_text" in shown.reasons


def test_the_newest_are_found_where_very_many_tell_the_same(all: Stores) -> None:
    one = all.sketches.several([taken(all, told(1)).id]).popitem()[1]
    many = [replace(one, reg_id=f"r{n}", at=NOW + timedelta(minutes=n)) for n in range(AT_MOST + 20)]
    all.sketches.keep(many)

    near = all.sketches.near(one.sketch.keys)

    assert len(near) == PER_KEY
    assert {each.reg_id for each in near} == {each.reg_id for each in many[-PER_KEY:]}


def test_a_sketch_is_read_back_as_it_was_kept_and_keeps_its_group(all: Stores) -> None:
    held = taken(all, told(1))
    one = all.sketches.several([held.id])[held.id]

    all.sketches.move(held.id, "another")
    all.sketches.keep([replace(one, group="ignored")])

    assert all.sketches.several([held.id, "unknown"]) == {held.id: replace(one, group="another")}
    assert (all.sketches.members("another", 5), all.sketches.members(held.id, 5)) == ([held.id], [])
    assert all.sketches.near([]) == []


def test_nothing_is_found_of_what_was_forgotten(all: Stores) -> None:
    held = taken(all, told(1))

    likeness.forget(all, held.id)

    assert found(all, told(1)) == []
    assert all.sketches.several([held.id]) == {}


def test_what_a_stopped_process_left_out_is_made_up_for_and_begun_rounds_go_on(all: Stores) -> None:
    held = [taken(all, told(n), n) for n in range(5)]
    before = all.sketches.several([one.id for one in held])
    for one in held[1:4]:
        likeness.forget(all, one.id)

    first = likeness.catch_up(all, LATER, 5)
    second = likeness.catch_up(all, LATER, 5)

    assert (first.seen, first.made, first.done) == (5, 3, True)
    assert (second.seen, second.made, second.done) == (0, 0, True)
    assert all.sketches.several([one.id for one in held]) == before


def test_what_is_younger_than_ten_minutes_is_left_to_whoever_is_writing_it(all: Stores) -> None:
    taken(all, told(1))

    assert likeness.catch_up(all, NOW + timedelta(minutes=9), 5).seen == 0


def test_a_round_that_has_no_time_left_goes_on_where_it_stopped(all: Stores) -> None:
    held = [taken(all, told(n), n) for n in range(3)]
    scheme = likeness.hasher(all.sealer).scheme
    all.sketches.mark(scheme, Place(at=held[0].state.registered_at, id=held[0].id))

    rest = likeness.catch_up(all, LATER, 5)

    assert rest.seen == 2
    assert all.sketches.progress(scheme) == Place(at=held[2].state.registered_at, id=held[2].id)
    assert all.sketches.progress("another") is None


def test_after_a_change_of_the_key_every_sketch_is_made_anew(all: Stores) -> None:
    held = taken(all, told(1))
    one = all.sketches.several([held.id])[held.id]
    all.sketches.keep([replace(one, scheme="1.00000000", sketch=replace(one.sketch, names=(1,), pairs=(2,)))])

    done = likeness.catch_up(all, LATER, 5)

    assert done.made == 1
    assert all.sketches.several([held.id]) == {held.id: one}


def test_many_people_about_one_matter_are_one_group_and_somebody_is_asked_once(all: Stores) -> None:
    held = [taken(all, told(1, parties=(applicant(phone=f"1390013000{n}"),)), n) for n in range(6)]
    taken(all, told(1, parties=(applicant(phone="13900130000"),), category="neighbour"), 9)  # the first again

    group = all.groups.load(held[0].id).state

    assert (group.members, group.reporters, group.mass) == (7, 6, "proposed")
    assert group.case_no == held[0].state.case_no
    assert all.sketches.members(group.group_id, 9)[-1] == held[0].id
    assert [one.id for one in all.groups.listed("990101", "proposed", None, 5)] == [group.group_id]
    assert all.groups.listed("990101", "declined", None, 5) == []
    assert all.groups.listed("990102", "", None, 5) == []


def test_protected_matters_are_counted_with_nobody(all: Stores) -> None:
    secret = told(1, confidentiality="complaint_protected")

    for n in range(3):
        taken(all, replace(secret, parties=(applicant(phone=f"1390013000{n}"),)), n)

    assert all.groups.listed("", "", None, 5) == []


def test_what_people_merge_is_counted_together_and_apart_again_when_they_part_it(all: Stores) -> None:
    one, other = taken(all, told(1)), taken(all, told(2), 1)
    cause = Cause(at=LATER, key="event-1")
    parted = replace(cause, key="event-2")

    for _ in range(2):
        likeness.regroup(all, other.state.case_id, one.state.case_id, cause)
    together = all.groups.load(one.id).state
    for _ in range(2):
        likeness.regroup(all, other.state.case_id, None, parted)
    apart = all.groups.load(one.id).state

    assert (together.members, together.reporters, apart.members) == (2, 2, 1)
    assert all.sketches.several([other.id])[other.id].group == other.id


def test_a_decision_about_a_crowd_is_kept_and_asked_anew_when_many_more_come(all: Stores) -> None:
    held = [taken(all, told(1, parties=(applicant(phone=f"139001300{n:02d}"),)), n) for n in range(5)]
    id = held[0].id
    why = Cause(at=LATER, actor=CLERK)

    all.groups.change(id, why, lambda group: grouping.decided(group, False, "one_household", LATER))
    for n in range(5, 10):
        taken(all, told(1, parties=(applicant(phone=f"139001300{n:02d}"),)), n)
    group = all.groups.load(id).state

    assert (group.mass, group.asked_at, group.reporters) == ("proposed", 10, 10)


def test_the_command_makes_up_for_everything_and_says_how_far_it_is(all: Stores) -> None:
    held = [taken(all, told(n), n) for n in range(3)]
    all.sketches.clear()
    said: list[str] = []

    done = rebuilt(all, said.append)
    again = rebuilt(all, said.append)

    assert done == {"seen": 3, "made": 3, "sketches": 3}
    assert (again["seen"], again["made"]) == (0, 0)
    assert said[0] == "已核对 3 件，补做 3 件"
    assert set(all.sketches.several([one.id for one in held])) == {one.id for one in held}


def test_what_was_taken_away_from_a_registration_is_no_longer_in_its_sketch(all: Stores) -> None:
    held = taken(all, told(1))
    other = matter(2)
    rest = all.sealer.seal(other.text, owner=held.id, field="summary")

    likeness.redraw(all, replace(held.state, summary=rest, title=None))
    moved = found(all, told(2, title=""))
    likeness.redraw(all, replace(held.state, summary=b"", title=None))

    assert moved == [held.id]
    assert found(all, told(1)) == []
    assert all.sketches.several([held.id]) == {}


def test_sketches_made_anew_keep_together_what_people_merged(all: Stores) -> None:
    one, other = taken(all, told(1)), taken(all, told(2), 1)
    view = CaseView(case_id=other.state.case_id, region="990101", merged_into=one.state.case_id)
    all.views.open(view.case_id, Cause(at=NOW), lambda state: Decision(state=view))
    all.sketches.clear()

    likeness.catch_up(all, LATER, 5)

    assert all.sketches.several([other.id])[other.id].group == one.id


def test_while_the_key_is_being_changed_what_was_sketched_under_the_old_one_is_found(all: Stores) -> None:
    held = taken(all, told(1))
    new = IndexKey(id=9, secret=b"n" * 32)
    both = Sealer(Ring(all.sealer.ring.sealing, {**all.sealer.ring.index, 9: new}))

    changing = replace(all, sealer=both)
    before = found(changing, told(1))
    done = likeness.catch_up(changing, LATER, 5)
    only_new = replace(all, sealer=Sealer(Ring(all.sealer.ring.sealing, {9: new})))

    assert before == [held.id]
    assert done.made == 1
    assert found(only_new, told(1)) == [held.id]
    assert found(all, told(1)) == []
