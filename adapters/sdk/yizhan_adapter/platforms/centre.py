"""The centre over HTTPS, as a platform's program needs it: registers what came in, lists what goes out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from yizhan_adapter.errors import NotSignedIn
from yizhan_adapter.office import Office
from yizhan_adapter.platforms.fields import Flat

REGISTRATIONS = "/intake/registrations"


class Centre:
    """Signs in when it must, once more when its token ran out."""

    def __init__(self, office: Office, sign_in: Callable[[], str]) -> None:
        self.office, self.sign_in, self._token = office, sign_in, ""

    def register(self, body: Mapping[str, Any], key: str) -> Flat:
        """Register a matter; the same key again gives the same registration."""
        made: Flat = self._send("POST", REGISTRATIONS, body, {"Idempotency-Key": key})
        return made

    def items(self, path: str) -> Iterator[Flat]:
        """Every record at a path, page after page."""
        after: str | None = ""
        while after is not None:
            mark = "&" if "?" in path else "?"
            page = self._send("GET", f"{path}{mark}after={after}" if after else path)
            yield from page["items"]
            after = page.get("next")

    def _send(self, method: str, path: str, body: Any = None, more: Mapping[str, str] | None = None) -> Any:
        if self._token:
            try:
                return self._signed(method, path, body, more)
            except NotSignedIn:
                pass  # the token ran out
        self._token = self.sign_in()
        return self._signed(method, path, body, more)

    def _signed(self, method: str, path: str, body: Any, more: Mapping[str, str] | None) -> Any:
        return self.office.send(
            method, path, body, {"Authorization": f"Bearer {self._token}", **(more or {})}
        )
