"""Logs: one JSON object a line, fields for machines, words for people; no name or number of a person."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Iterator

import structlog

FRAMES = 8  # of each error, the innermost
_PLAIN = set(logging.makeLogRecord({}).__dict__) | {"message", "asctime"}


class Json(logging.Formatter):
    """A record as one line of JSON."""

    def __init__(self) -> None:
        super().__init__()
        self.render = structlog.processors.JSONRenderer(ensure_ascii=False, default=str)

    def format(self, record: logging.LogRecord) -> str:
        extra = {name: value for name, value in record.__dict__.items() if name not in _PLAIN}
        line = {"at": self.formatTime(record), "level": record.levelname, "log": record.name} | extra
        if record.exc_info and record.exc_info[1]:
            line["trace"] = [said for error in _chain(record.exc_info[1]) for said in _told(error)]
        return str(self.render(None, "", {"event": record.getMessage(), **line}))


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """An error and what led to it, the last first."""
    while error is not None:
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _told(error: BaseException) -> Iterator[str]:
    """Its kind and where it came from. Of messages only the system's own: others may hold a name."""
    yield f"{type(error).__name__}: {error}" if isinstance(error, OSError) else type(error).__name__
    for frame in traceback.extract_tb(error.__traceback__)[-FRAMES:]:
        yield f"{frame.filename}:{frame.lineno} {frame.name}"


def set_up(level: str = "INFO") -> None:
    """Send everything to standard error as JSON lines; libraries speak only when something is wrong."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Json())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for ours in ("shared", "services", "deploy"):
        logging.getLogger(ours).setLevel(level)
