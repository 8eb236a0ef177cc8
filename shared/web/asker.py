"""Who really asks when a front door asks for them: told by X-Forwarded-For, believed from known doors only.

So is the certificate of their machine, which a door that checks certificates passes on in X-Client-Cert.

Limits on how often somebody may ask count people, and all people behind one door have the door's address.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


CERTIFICATE = "yizhan.certificate"


class BehindDoors:
    """An application that sees who asks; `doors` is gunicorn's `forwarded_allow_ips`.

    `certificates`: the doors check machines' certificates, and write X-Client-Cert over what anybody sends.
    """

    def __init__(self, app: Wsgi, doors: Collection[str], *, certificates: bool = False) -> None:
        self.app, self.doors, self.certificates = app, doors, certificates

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        peer, passed_on = environ.get("REMOTE_ADDR", ""), environ.get("HTTP_X_FORWARDED_FOR", "")
        believed = self.certificates and (peer in self.doors or "*" in self.doors)
        shown = environ.get("HTTP_X_CLIENT_CERT", "") if believed else ""
        seen = {"REMOTE_ADDR": asker(peer, passed_on, self.doors), CERTIFICATE: shown}
        return self.app(environ | seen, start)


def asker(peer: str, passed_on: str, doors: Collection[str]) -> str:
    """The nearest address that is no door of ours; with any door believed (`*`), whom the last one saw."""
    chain = [address for part in passed_on.split(",") if (address := part.strip())]
    if "*" in doors:
        return chain[-1] if chain else peer
    while chain and peer in doors:
        peer = chain.pop()
    return peer
