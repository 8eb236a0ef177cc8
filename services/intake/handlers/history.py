"""A county's sorted history, file by file, as examples to learn from or to be examined on."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

from services.intake.model import Mapping
from services.intake.rules.triage.causes import Causes, causes
from services.intake.rules.triage.examples import History, codes, history
from shared.errors import Refused, UnsupportedType
from shared.profile import Profile
from shared.tables import Table, sniff, streamed

CAUSES = Path(__file__).parent.parent / "tables" / "causes.yaml"
ANY = Mapping(name="history", title="", columns={})


def read(path: Path, county: Profile) -> History:
    """The examples in a file. Raises Refused when it cannot be read or its columns do not fit."""
    try:
        data = path.read_bytes()
        found = streamed(sniff(data, path.name), data, ANY)
        table = Table(header=found.header, rows=tuple(found.rows))
    except UnsupportedType as wrong:
        raise Refused(wrong.message, code=wrong.code) from None
    return history(table, codes(county, table_of_causes()))


@cache
def table_of_causes() -> Causes:
    """The table of causes of action that comes with the product."""
    return causes(yaml.safe_load(CAUSES.read_text(encoding="utf-8")))
