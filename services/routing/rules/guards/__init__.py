"""The conditions named in the table: each is one function that passes in silence or says why not.

A guard gets the case, the ask and the act. It raises Refused (422) with a code and a sentence, Forbidden
(403) when the person may not, or Illegal (409) when the case would go in a circle.
"""

from services.routing.rules.guards.ending import (
    material_was_handed_over,
    no_delivery_is_open,
    no_handling_clock_runs,
    nobody_is_in_danger,
    one_call_per_closure,
    outcome_fits,
    requests_are_answered,
    resident_was_called,
    route_is_lawful,
    routes_were_shown,
    statement_is_on_file,
)
from services.routing.rules.guards.people import (
    by_the_lead_unit,
    by_the_tier,
    by_the_tier_above,
    not_by_the_handler,
    third_return_by_the_director,
)
from services.routing.rules.guards.resting import (
    rest_ends_in_time,
    rest_is_allowed,
    somebody_approved,
)
from services.routing.rules.guards.rising import (
    a_tier_is_above,
    category_is_mediable,
    ladder_is_satisfied,
    material_is_complete,
    nobody_refused,
    sent_back_once_per_tier,
    the_round_counts,
    whistle_is_on,
    whistle_reasons_are_listed,
    willingness_is_asked,
)
from services.routing.rules.guards.sorting import (
    a_person_confirmed,
    category_is_known,
    harm_is_reported,
    notice_is_written,
    refusal_is_lawful,
    somebody_is_competent,
    the_other_case_is_open,
    type_is_known,
)
from services.routing.rules.guards.units import (
    a_return_was_asked,
    no_way_back,
    not_the_unit_complained_about,
    one_lead_unit,
    reason_for_return,
    the_resident_waits,
    units_exist,
)

__all__ = [
    "a_person_confirmed",
    "a_return_was_asked",
    "a_tier_is_above",
    "by_the_lead_unit",
    "by_the_tier",
    "by_the_tier_above",
    "category_is_known",
    "category_is_mediable",
    "harm_is_reported",
    "ladder_is_satisfied",
    "material_is_complete",
    "material_was_handed_over",
    "no_delivery_is_open",
    "no_handling_clock_runs",
    "no_way_back",
    "nobody_is_in_danger",
    "nobody_refused",
    "not_by_the_handler",
    "not_the_unit_complained_about",
    "notice_is_written",
    "one_call_per_closure",
    "one_lead_unit",
    "outcome_fits",
    "reason_for_return",
    "refusal_is_lawful",
    "requests_are_answered",
    "resident_was_called",
    "rest_ends_in_time",
    "rest_is_allowed",
    "route_is_lawful",
    "routes_were_shown",
    "sent_back_once_per_tier",
    "somebody_approved",
    "somebody_is_competent",
    "statement_is_on_file",
    "the_other_case_is_open",
    "the_resident_waits",
    "the_round_counts",
    "third_return_by_the_director",
    "type_is_known",
    "units_exist",
    "whistle_is_on",
    "whistle_reasons_are_listed",
    "willingness_is_asked",
]
