"""How a form becomes a registration: what must be there, what cannot be, what is told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.intake.model import Form, PartyForm, Refusal, Registration, Similar
from services.intake.rules import checks, sealing
from services.intake.rules.registering import Minted, register
from shared import crypto, ids
from shared.contracts.intake import RegistrationAccepted
from shared.decision import Actor, Decision
from shared.errors import Refused
from tests.unit.intake.forms import ID_NUMBER, NOW, PHONE, POLICY, applicant, form

BOX = crypto.passing()
CLERK = Actor(ref=ids.derived("tests", "clerk"), role="clerk", unit="centre_101", region="990101101")
MACHINE = Actor(ref="intake", role="service")
REG = ids.derived("tests", "reg")


def taken(given: Form, actor: Actor = CLERK, similar: tuple[Similar, ...] = ()) -> Decision[Registration]:
    cleaned = checks.clean(given, NOW)
    checks.check(cleaned, POLICY, NOW)
    minted = Minted(reg_id=REG, case_id=ids.derived("case", REG), case_no="990101-2026-000001")
    kept = sealing.vaulted(cleaned, REG, "ABCDEFGH23", BOX)
    return register(cleaned, kept, minted, similar=similar, policy=POLICY, actor=actor, now=NOW)


def faults(given: Form) -> dict[str, list[str]]:
    with pytest.raises(Refused) as refused:
        checks.check(checks.clean(given, NOW), POLICY, NOW)
    return refused.value.fields


def test_a_registration_tells_that_it_was_received_and_accepted_in_one_write() -> None:
    made = taken(form())

    assert [event.TYPE for event in made.events] == ["registration.received", "registration.accepted"]
    assert made.state.case_no == "990101-2026-000001"
    assert made.state.state == "registered"


def test_the_person_who_takes_it_in_is_first_receiver() -> None:
    assert taken(form()).state.first_receiver == CLERK.ref


def test_a_person_cannot_name_another_first_receiver() -> None:
    with pytest.raises(Refused) as refused:
        taken(form(first_receiver=ids.new()))

    assert refused.value.code == "first_receiver_fixed"


def test_what_a_machine_brings_in_gets_the_post_on_the_rota() -> None:
    assert taken(form(), MACHINE).state.first_receiver == "window_clerk.centre_county"
    assert taken(form(first_receiver="duty_leader"), MACHINE).state.first_receiver == "duty_leader"


def test_only_the_matter_and_a_name_must_be_there() -> None:
    made = taken(form(parties=(PartyForm(role="applicant", name="甲某"),), category=None))

    assert made.state.not_given == (
        "applicant.phone", "applicant.id_no", "applicant.address", "respondent", "category", "requests",
        "place", "discovered_at", "persons_involved",
    )  # fmt: skip


def test_what_is_missing_is_named_with_its_field() -> None:
    assert faults(form(summary=" ", parties=())) == {
        "summary": ["请写明发生了什么事"],
        "parties": ["请填写申请人；来信没有署名等情形，在 not_given 里注明 applicant.name"],
    }
    assert list(faults(form(parties=(applicant(name=""),)))) == ["parties.0.name"]


def test_an_unsigned_letter_is_registered_when_it_says_so() -> None:
    made = taken(form(channel="letter", parties=(), received_at=NOW, not_given=("applicant.name",)))

    assert "applicant.name" in made.state.not_given


@pytest.mark.requirement("IN-14")
def test_the_online_form_asks_for_its_minimum_and_for_nothing_else() -> None:
    bare = form(channel="web_mobile", parties=(applicant(phone=""),), category=None)
    whole = form(
        channel="web_mobile",
        requests=("请把水沟通开",),
        parties=(applicant(), PartyForm(role="respondent", name="隔壁那家")),
    )

    assert set(faults(bare)) == {"parties.0.phone", "parties", "category", "requests"}
    assert taken(whole).state.state == "registered"


def test_an_unknown_category_lists_the_known_ones() -> None:
    sentence = faults(form(category="nonsense"))["category"][0]

    assert "neighbour 邻里纠纷" in sentence


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("discovered_at", NOW + timedelta(minutes=3)),
        ("received_at", NOW + timedelta(minutes=3)),
        ("region", "110101"),
        ("grid_id", "990101102201001"),
        ("units_involved", ("nobody_here",)),
    ],
)
def test_what_cannot_be_is_named_with_its_field(field: str, value: Any) -> None:
    found = faults(form(**{field: value}))

    assert [name.partition(".")[0] for name in found] == [field]


def test_a_clock_that_is_two_minutes_ahead_does_not_stop_a_registration() -> None:
    made = taken(form(discovered_at=NOW + timedelta(minutes=1), received_at=NOW + timedelta(minutes=1)))

    assert (made.state.discovered_at, made.state.received_at) == (NOW, NOW)


@pytest.mark.parametrize(
    ("more", "field", "sentence"),
    [
        ({"phone": "138O0130000"}, "parties.0.phone", "电话号码里不能有字母"),
        ({"phone": "1234"}, "parties.0.phone", "不是有效的电话号码"),
        (
            {"id_no": ID_NUMBER[:-1] + "1"},
            "parties.0.id_no",
            "身份证号码不对，请核对每一位（出生日期和末位校验码）",
        ),
    ],
)
def test_a_wrong_number_is_refused_in_plain_words(more: dict[str, str], field: str, sentence: str) -> None:
    assert faults(form(parties=(applicant(**more),))) == {field: [sentence]}


def test_at_most_five_people_speak_for_many() -> None:
    speakers = tuple(PartyForm(role="representative", name=f"代表{n}") for n in range(6))

    assert faults(form(parties=(applicant(), *speakers)))["parties"] == ["代表不超过 5 人"]


def test_what_is_answered_on_the_spot_is_one_write_and_needs_the_answer() -> None:
    made = taken(form(answer="水沟由村里明天清。"))

    assert [event.TYPE for event in made.events] == ["registration.received", "registration.answered"]
    assert (made.state.state, made.state.answered_at) == ("answered", NOW)
    assert list(faults(form(answer="  "))) == ["answer"]


def test_nothing_is_refused_without_a_reason_and_another_road() -> None:
    made = taken(form(not_accepted=Refusal(reason="court_accepted", route="court")))

    assert [event.TYPE for event in made.events] == ["registration.received", "registration.not_accepted"]
    assert made.state.case_no
    assert list(faults(form(not_accepted=Refusal(reason="no_wish", route="court")))) == [
        "not_accepted.reason"
    ]


def test_a_text_beyond_its_limit_is_kept_whole_beside_it() -> None:
    long = "长" * 2_500

    state = taken(form(summary=long, title="题" * 70)).state

    assert [(a.field, a.characters) for a in state.attachments] == [("title", 70), ("summary", 2_500)]
    assert sealing.opened(state, "summary", BOX) == long
    assert len(BOX.open(state.summary, owner=REG, field="summary")) == 2_000


def test_nothing_personal_lies_open_in_the_state_or_in_what_is_told() -> None:
    given = applicant(id_no=ID_NUMBER, address="松岚镇某巷9号")

    made = taken(form(parties=(given,), place="村口水沟", requests=("恢复原状",)))

    shown = repr(made)
    assert not any(
        word in shown for word in ("甲某", PHONE, ID_NUMBER, "某巷", "水沟", "恢复原状", "ABCDEFGH23")
    )


@pytest.mark.parametrize(
    "more", [{"confidentiality": "complaint_protected"}, {"parties": (applicant(minor_u14=True),)}]
)
def test_a_protected_matter_tells_no_category(more: dict[str, Any]) -> None:
    accepted = taken(form(**more)).events[1]

    assert isinstance(accepted, RegistrationAccepted)
    assert (accepted.protected, accepted.category) == (True, None)


def test_an_earlier_matter_that_looks_the_same_is_noted_never_refused() -> None:
    before = Similar(case_no="990101-2026-000007", category="neighbour")

    made = taken(form(), similar=(before,))

    assert made.state.possible_duplicates == (before,)
    assert made.events[1].TYPE == "registration.accepted"


@pytest.mark.parametrize(
    ("count", "band"), [(None, "unknown"), (1, "1"), (4, "2-4"), (9, "5-9"), (29, "10-29"), (30, "30+")]
)
def test_others_learn_only_roughly_how_many_people_it_is_about(count: int | None, band: str) -> None:
    assert taken(form(persons_involved=count)).state.persons_band == band


def test_the_query_mark_needs_code_and_tail_together() -> None:
    state = taken(form(parties=(applicant(id_no=ID_NUMBER),))).state

    assert sealing.query_mark("abcdefgh23", "0000", BOX) in state.query_marks
    assert sealing.query_mark("ABCDEFGH23", "002x", BOX) in state.query_marks
    assert sealing.query_mark("ABCDEFGH23", "", BOX) not in state.query_marks
    assert sealing.query_mark("ABCDEFGH24", "0000", BOX) not in state.query_marks


def test_without_any_number_the_query_code_alone_opens() -> None:
    state = taken(form(parties=(applicant(phone=""),))).state

    assert state.query_marks == (sealing.query_mark("ABCDEFGH23", "", BOX),)


def test_the_other_side_is_not_marked() -> None:
    other = PartyForm(role="respondent", name="乙某", phone="13900130000")

    assert taken(form(parties=(applicant(), other))).state.person_marks == taken(form()).state.person_marks


def test_spaces_and_punctuation_do_not_make_another_text() -> None:
    first = sealing.text_mark("隔壁把院墙挪了，水沟也堵了！", BOX)

    assert first == sealing.text_mark(" 隔壁把院墙挪了 水沟也堵了 ", BOX)
    assert sealing.text_mark("求助", BOX) == ""
