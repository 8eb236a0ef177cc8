"""The few kinds of value an event may carry: ids, codes, times, counts, booleans. Never a text."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from marshmallow import ValidationError, validate


class Whole(validate.Regexp):
    """The whole text must fit, a line break at its end included, as in every other language."""

    def __call__(self, value: Any) -> Any:
        if not self.regex.fullmatch(value):
            raise ValidationError(self._format_error(value))
        return value


_UUID = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"

Id = Annotated[str, Whole(_UUID)]
Code = Annotated[str, Whole(r"^[a-z][a-z0-9_.]{0,47}$")]
Unit = Annotated[str, Whole(r"^[a-z][a-z0-9_]{1,31}$")]
Region = Annotated[str, Whole(r"^[0-9]{6}([0-9]{3}([0-9]{3}([0-9]{3}([0-9]{2})?)?)?)?$")]
CaseNo = Annotated[str, Whole(r"^[0-9]{6}-[0-9]{4}-[0-9]{6,}$")]
Ref = Annotated[str, Whole(_UUID + r"|^[a-z][a-z0-9_.]{0,47}$")]  # an account or a post, never a name
Hash = Annotated[str, Whole(r"^[0-9a-f]{16,64}$")]
Version = Annotated[str, Whole(r"^[a-z0-9@._-]{1,64}$")]
Reference = Annotated[str, Whole(r"^[A-Z][A-Z0-9_./-]{2,47}$")]  # another office's number of a paper or post
Path = Annotated[str, Whole(r"^/[a-z0-9_-]{1,40}(/[a-z0-9_-]{1,40}){0,5}$")]  # of an address of ours
Count = Annotated[int, validate.Range(min=0, max=1_000_000_000)]  # below every phone number
Number = Annotated[int, validate.Range(min=1, max=1_000_000_000)]
Percent = Annotated[int, validate.Range(min=0, max=1000)]  # of a limit: past its end it is more than 100
Rating = Annotated[int, validate.Range(min=1, max=5)]
Instant = datetime

Tier = Literal["village", "township", "county", "county_leader", "city"]
Complexity = Literal["simple", "general", "complex", "difficult"]
MatterType = Literal["dispute", "petition", "complaint", "consult", "help", "unclassified"]
PersonsBand = Literal["unknown", "1", "2-4", "5-9", "10-29", "30+"]
Willingness = Literal["both", "applicant_only", "no", "unknown"]
Channel = Literal[
    "window",
    "letter",
    "visit",
    "phone",
    "web_mobile",
    "web_pc",
    "hotline12345",
    "grid",
    "court",
    "police",
    "procuratorate",
    "government",
    "petition_office",
    "platform",
]
Outcome = Literal[
    "mediated_written",
    "mediated_oral",
    "settled",
    "admin_resolved",
    "answered",
    "aid_only",
    "referred_court",
    "referred_arbitration",
    "referred_admin",
    "petition_concluded",
    "withdrawn",
    "failed",
]
PublicFlag = Literal["mass", "cross_unit", "cross_tier", "cross_township", "major", "sudden"]
"""The flags others may know; what protects a person shows outside routing as `protected` only."""

PlaceKind = Literal[
    "residence",
    "road",
    "scenic",
    "market",
    "entertainment",
    "school_area",
    "railway",
    "highway",
    "construction",
    "workplace",
    "farmland",
    "forest",
    "other",
]
Trigger = Literal[
    "attempts",
    "failed",
    "beyond_competence",
    "beyond_capacity",
    "complex_major",
    "cross_region",
    "dissatisfied",
    "deadline",
    "safety",
    "mass",
    "mediation_declined",
    "mediation_expired",
    "interested_tier",
]
PauseReason = Literal[
    "hearing",
    "appraisal",
    "party_requests_time",
    "waiting_party_material",
    "force_majeure",
    "court_stay",
]
ReturnReason = Literal[
    "not_competent", "wrong_region", "duplicate", "material_missing", "conflict_of_interest"
]
LegalRoute = Literal[
    "court",
    "arbitration",
    "labour_arbitration",
    "administrative_reconsideration",
    "administrative_handling",
    "petition",
    "police",
    "discipline",
    "legal_aid",
    "other",
]
MediationKind = Literal["people", "judicial", "administrative", "industry"]
Linkage = Literal["none", "court", "police", "government", "procuratorate", "petition"]
SessionMode = Literal["centre", "home_visit", "on_site", "online"]
SessionOutcome = Literal["agreed", "partial", "failed", "adjourned", "interrupted", "not_held", "declined"]
MediationResult = Literal["agreed", "failed", "declined", "expired", "withdrawn"]
AgreementForm = Literal["written", "oral"]
AmountBand = Literal["none", "under_10k", "10k-100k", "100k-1m", "over_1m"]  # yuan

PetitionType = Literal["opinion", "accusation", "appeal_request"]
Opinion = Literal["support", "explain", "not_support"]

FindingKind = Literal["sign", "hazard", "dispute"]
Urgency = Literal["normal", "urgent", "emergency"]
AccountKind = Literal["person", "service", "department"]
