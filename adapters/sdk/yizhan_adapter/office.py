"""A department's back office over HTTP: one place that says which failures are worth another try."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import OpenerDirector, ProxyHandler, Request, build_opener

from yizhan_adapter.errors import Misconfigured, NeverPossible, NotSignedIn, OfficeDown, TryLater

TIMEOUT = 10.0
CODES, CODE = 8_192, re.compile(r"[a-z][a-z0-9_.]{0,47}")
DOWN = frozenset((429, 502, 503, 504))


class Office:
    """The back office at one address; JSON in and out.

    Every call raises OfficeDown when nobody answers, TryLater for an internal error or a reply that is not
    JSON, NeverPossible when our request is refused.
    """

    def __init__(self, url: str, timeout: float = TIMEOUT) -> None:
        if urlsplit(url).scheme not in ("http", "https"):
            raise Misconfigured(f"a back office is reached by http or https, not {url!r}")
        self.url, self.timeout = url.rstrip("/"), timeout
        self._opener: OpenerDirector = build_opener(ProxyHandler({}))

    def get(self, path: str) -> Any:
        """What is at a path."""
        return self.send("GET", path)

    def post(self, path: str, body: Any) -> Any:
        """Hand something over; it must be safe to hand over twice."""
        return self.send("POST", path, body)

    def send(self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Any:
        """One request and its decoded reply."""
        sent = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json", "Accept": "application/json", **(headers or {})}
        request = Request(self.url + path, data=sent, headers=headers, method=method)  # noqa: S310 scheme checked
        try:
            return json.loads(self._fetched(request))
        except ValueError as error:
            raise TryLater(f"{method} {path}: not JSON") from error

    def fetch(self, path: str, most: int) -> bytes:
        """The bytes at a path, as they are; never more than `most` and one."""
        return self._fetched(Request(self.url + path), most + 1)  # noqa: S310 scheme checked

    def _fetched(self, request: Request, most: int | None = None) -> bytes:
        what = f"{request.get_method()} {request.selector.partition('?')[0]}"  # no link's token
        try:
            with self._opener.open(request, timeout=self.timeout) as reply:
                return bytes(reply.read(most))
        except HTTPError as error:
            with error:
                said = _code(error)
            raise refusal(error.code, what, said) from error
        except (URLError, HTTPException, OSError) as error:
            raise OfficeDown(f"{what}: {type(error).__name__}") from error


def refusal(status: int, what: str, said: str = "") -> Exception:
    """The error that says whether a refused request is worth another try, with the code that came with it."""
    words = f"{what}: {status} {said}".rstrip()
    if status in DOWN:
        return OfficeDown(words)
    if status >= 500 or status in (408, 409, 425):
        return TryLater(words)
    return (NotSignedIn if status == 401 else NeverPossible)(words)


def _code(error: HTTPError) -> str:
    """The code of a refusal, if it has one; never its text, which may name somebody."""
    try:
        found = json.loads(error.read(CODES)).get("code")
    except (ValueError, AttributeError, HTTPException, OSError):
        return ""
    return found if isinstance(found, str) and CODE.fullmatch(found) else ""
