"""Reads a JSON body strictly and cheaply: no half characters, no endless nesting, no numbers without end."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Request, request
from webargs import core
from webargs.flaskparser import FlaskParser

from shared.errors import Malformed


def read(sent: Request) -> Any:
    """The JSON body, or webargs' `missing` when there is none.

    Raises Malformed when it is not JSON that can be kept and told again.
    """
    body = sent.get_data(cache=True)
    if not body.strip() or sent.mimetype != "application/json":
        return core.missing
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Malformed("请求内容不是有效的 JSON") from error


def canonical() -> bytes:
    """The present request's body with its fields in order, so that equal contents have equal bytes."""
    found = read(request)
    if found is core.missing:
        return request.get_data()
    return orjson.dumps(found, option=orjson.OPT_SORT_KEYS)


class Parser(FlaskParser):
    """webargs' parser, reading JSON as above."""

    def _raw_load_json(self, req: Request) -> Any:
        return read(req)
