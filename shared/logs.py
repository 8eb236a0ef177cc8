"""Logs: one JSON object a line, fields for machines, words for people; no name or number of a person."""

from __future__ import annotations

import logging
import sys

import structlog

_PLAIN = set(logging.makeLogRecord({}).__dict__) | {"message", "asctime"}


class _Json(logging.Formatter):
    def __init__(self) -> None:
        super().__init__()
        self.render = structlog.processors.JSONRenderer(ensure_ascii=False, default=str)

    def format(self, record: logging.LogRecord) -> str:
        extra = {name: value for name, value in record.__dict__.items() if name not in _PLAIN}
        line = {"at": self.formatTime(record), "level": record.levelname, "log": record.name} | extra
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return str(self.render(None, "", {"event": record.getMessage(), **line}))


def set_up(level: str = "INFO") -> None:
    """Send everything to standard error as JSON lines; libraries speak only when something is wrong."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for ours in ("shared", "services", "deploy"):
        logging.getLogger(ours).setLevel(level)
