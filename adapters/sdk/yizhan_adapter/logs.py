"""Logs: one JSON object a line on standard error; ids and codes only, never a text about a person."""

from __future__ import annotations

import json
import logging
import sys

_PLAIN = set(logging.makeLogRecord({}).__dict__) | {"message", "asctime"}


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        about = {"at": self.formatTime(record), "level": record.levelname, "log": record.name}
        extra = {name: value for name, value in record.__dict__.items() if name not in _PLAIN}
        trace = {"trace": self.formatException(record.exc_info)} if record.exc_info else {}
        line = {"event": record.getMessage()} | about | extra | trace
        return json.dumps(line, ensure_ascii=False, default=str)


def set_up(level: str = "INFO") -> None:
    """Speak as the suite does; pika hardly at all, because we tell of lost links ourselves."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("yizhan_adapter").setLevel(level)
    logging.getLogger("pika").setLevel(logging.CRITICAL)
