"""The few kinds of value an event may carry: ids, codes, times, counts, booleans. Never a text."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from marshmallow import validate

_UUID = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"

Id = Annotated[str, validate.Regexp(_UUID)]
Code = Annotated[str, validate.Regexp(r"^[a-z][a-z0-9_.]{0,47}$")]
Unit = Annotated[str, validate.Regexp(r"^[a-z][a-z0-9_]{1,31}$")]
Region = Annotated[str, validate.Regexp(r"^\d{6}(\d{3}(\d{3}(\d{3}(\d{2})?)?)?)?$")]
CaseNo = Annotated[str, validate.Regexp(r"^\d{6}-\d{4}-\d{6,}$")]
Hash = Annotated[str, validate.Regexp(r"^[0-9a-f]{16,64}$")]
Version = Annotated[str, validate.Regexp(r"^[a-z0-9@._-]{1,64}$")]
Count = Annotated[int, validate.Range(min=0)]
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
