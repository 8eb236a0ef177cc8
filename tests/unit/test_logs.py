"""What a log line says of an error."""

from __future__ import annotations

import io
import json
import logging
from typing import Any

from shared.logs import Json


def line_of(raising: type[Exception], words: str) -> dict[str, Any]:
    """The line that is logged when a loop fails while it writes a row."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(Json())
    log = logging.Logger("test")
    log.addHandler(handler)
    try:
        try:
            raise ValueError("row of 张三 13800000000")
        except ValueError as cause:
            raise raising(words) from cause
    except Exception:
        log.exception("loop failed", extra={"loop": "gaps"})
    line: dict[str, Any] = json.loads(out.getvalue())
    return line


def test_a_line_names_the_errors_and_their_places_and_never_what_they_say() -> None:
    line = line_of(RuntimeError, "第 3 行：李四")

    assert (line["event"], line["loop"]) == ("loop failed", "gaps")
    assert [said for said in line["trace"] if said.isidentifier()] == ["RuntimeError", "ValueError"]
    assert any("test_logs.py:" in said and said.endswith(" line_of") for said in line["trace"])
    assert not any(word in json.dumps(line, ensure_ascii=False) for word in ("张三", "13800000000", "李四"))


def test_what_the_system_itself_says_is_kept() -> None:
    assert (
        "ConnectionRefusedError: nobody listens" in line_of(ConnectionRefusedError, "nobody listens")["trace"]
    )
