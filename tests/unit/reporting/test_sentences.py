"""Every event has a sentence, and every sentence only what was told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from services.reporting.handlers.naming import Naming, spoken
from services.reporting.model import Entry
from services.reporting.rules.sentences import SENTENCES, sentence
from shared.contracts.all import every
from shared.contracts.edge import AnswerAccepted
from tests.reporting_given import MONDAY
from tests.routing_given import county

HEARD = ("case", "delivery", "matter", "petition", "registration", "report", "department")
NAMES = Naming(county=county(), regions={"990101101201": "墨松村"})


def entry(name: str, **codes: str) -> Entry:
    return Entry(
        at=MONDAY, name=name, sequence="0000000001.00", service="routing", role="dispatcher", codes=codes
    )


def test_every_event_that_reporting_hears_of_a_case_has_a_sentence() -> None:
    heard = {c.TYPE for c in every() if c.AGGREGATE in HEARD and c.__module__ != AnswerAccepted.__module__}

    assert heard <= set(SENTENCES)


def test_a_sentence_is_said_in_the_countys_words() -> None:
    given = entry(
        "case.assigned", lead_unit="court", co_units="police,housing", pickup_due="2026-09-07T02:00:00.000Z"
    )

    said = NAMES.sentence(given)

    assert said == "交办给县人民法院，协办：县公安局、县住房和城乡建设局，09月07日10:00前接件"


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (entry("sla.breached", kind="pickup", unit="court"), "“接件”超期，责任单位：县人民法院"),
        (entry("sla.met", kind="pickup", late="false"), "“接件”按时完成"),
        (entry("sla.met", kind="pickup", late="true"), "“接件”超期后完成"),
        (entry("case.escalated", to_tier="township", trigger="failed"), "乡镇（街道）接收，调解不成"),
        (entry("case.closed", outcome="mediated_written"), "办结：调解成功（书面协议）"),
        (entry("case.triaged", complexity="general", tier="village"), "分类为一般事项，由村（社区）办理"),
        (entry("petition.notified", accepted="true"), "书面告知信访人：受理"),
        (entry("report.refused", department="court", reason="duplicate"), "县人民法院未录入，重复交办"),
        (
            entry(
                "department.residency_approved", department="court", centre="centre_county", mode="on_call"
            ),
            "县人民法院入驻云溪县社会矛盾纠纷调处化解中心，方式：随叫随驻",
        ),
        (entry("department.onboarded", department="court", link="mailbox"), "县人民法院已接入，方式：信箱"),
        (
            entry("department.went_offline", department="court", liveness="silent", outstanding="3"),
            "县人民法院的系统没有回音（连着但没有心跳），尚欠答复3件",
        ),
        (
            entry("department.access_changed", department="court", what="rotated"),
            "县人民法院的接入凭据有变更：账号轮换",
        ),
        (
            entry("department.onboarding_failed", department="court", step="probe"),
            "县人民法院接入未成，将再试，停在：试投",
        ),
        (entry("something.unheard_of"), "something.unheard_of"),
    ],
)
def test_sentences(told: Entry, said: str) -> None:
    assert NAMES.sentence(told) == said


def test_a_clause_whose_code_was_not_told_is_left_out() -> None:
    said = sentence(entry("case.assigned", lead_unit="court"), lambda name, value: value)

    assert said == "交办给court"


def test_a_clock_names_the_rule_it_rests_on() -> None:
    basis = NAMES.basis(entry("sla.started", kind="pickup"))

    assert basis == str(county().limits["pickup"].basis)
    assert NAMES.basis(entry("case.closed", outcome="settled")) == ""


def test_posts_are_called_as_the_county_calls_them() -> None:
    told = entry("case.closed")

    assert NAMES.post(replace(told, role="director")) == "矛调中心主任"
    assert NAMES.post(replace(told, role="unit_staff")) == "单位经办人"


def test_what_ends_at_midnight_ends_at_the_end_of_its_last_day() -> None:
    assert spoken(datetime(2026, 9, 10, 16, 0, tzinfo=UTC)) == "09月10日24:00"
    assert spoken(MONDAY) == "09月07日09:00"


def test_what_no_table_knows_stays_a_code() -> None:
    assert NAMES.unit("unit_of_another_county") == "unit_of_another_county"
    assert NAMES.category("unheard_of") == "unheard_of"
    assert NAMES.region("990101101999") == "990101101999"
    assert NAMES.region("990101") == county().name
