"""The only place that makes a Flask application."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, request
from flask.json.provider import DefaultJSONProvider

from shared.audit import Trail
from shared.calendar import day_of, last_day, midnight
from shared.clock import Clock, local, now
from shared.web import errors, probes, retell
from shared.web.access import BODY, gate, refuse_unmarked, visitor
from shared.web.auditing import auditing
from shared.web.documentation import describe, mark_operations
from shared.web.site import KEY, Site

HERE = Path(__file__).parent
NAV = (
    ("/reporting/board", "指挥室"),
    ("/reporting/cases", "案件"),
    ("/intake/query", "查询"),
)
ADMINS = frozenset(
    {"sys_admin", "sec_admin", "audit_admin"}
)  # they read no case, so that no page of cases is theirs
ADMIN_HOME = "/identity/security"
AT_DESK: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("/intake/register", "登记", ("clerk", "dispatcher", "grid_worker")),
    ("/intake/hall", "叫号", ("clerk", "guide", "dispatcher", "director", "petition_officer")),
)
"""What only those see who may open it."""
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}


def make_app(
    service: str,
    blueprints: Iterable[Any],
    *,
    stores: Any,
    pages: Sequence[Blueprint] = (),
    title: str = "",
    clock: Clock = now,
) -> Flask:
    """One service's web application, everything under `/<service>`.

    `blueprints` are made by `shared.web.blueprint` and described in /<service>/openapi.json; `pages` are
    plain Flask blueprints whose answers and errors are pages for people.
    Raises RuntimeError when a view says neither `@needs` nor `@public`.
    """
    app = _flask(service)
    names = frozenset(page.name for page in pages)
    title = title or f"一站 {service}"
    app.extensions[KEY] = Site(service=service, title=title, stores=stores, clock=clock, pages=names)
    _serve(app, service, (probes.probes(app, service), retell.views))
    app.before_request(gate)
    app.after_request(_guard)
    errors.register(app)
    api = describe(app, service, title)
    trail = getattr(stores, "audit", None)
    for found in (*blueprints, *([auditing(trail)] if isinstance(trail, Trail) else [])):
        api.register_blueprint(found, url_prefix=f"/{service}{found.url_prefix or ''}")
    _serve(app, service, pages)
    refuse_unmarked(app)
    mark_operations(app, api)
    return app


def _serve(app: Flask, service: str, views: Iterable[Blueprint]) -> None:
    for found in views:
        app.register_blueprint(found, url_prefix=f"/{service}{found.url_prefix or ''}")


def _flask(service: str) -> Flask:
    app = Flask(
        service,
        static_folder=str(HERE / "static"),
        static_url_path=f"/{service}/static",
        template_folder=str(HERE / "templates"),
    )
    app.json = _Json(app)
    app.config |= {"MAX_CONTENT_LENGTH": BODY, "SEND_FILE_MAX_AGE_DEFAULT": 86_400}
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters |= {"local_time": local_time, "local_date": local_date, "local_due": local_due}
    app.context_processor(lambda: {"me": visitor(), "service": service} | _ways())
    return app


def _ways() -> dict[str, Any]:
    """Where the top bar leads."""
    me = visitor()
    if me is not None and ADMINS & set(me.roles):
        return {"nav": ((ADMIN_HOME, "账户安全"),), "home": ADMIN_HOME}
    roles: set[str] = set(me.roles) if me else set()
    desk = tuple((at, name) for at, name, may in AT_DESK if roles & set(may))
    return {"nav": (*desk, *NAV), "home": NAV[0][0]}


def _guard(reply: Response) -> Response:
    """Headers that keep a page from being framed, sniffed, cached or fed foreign script."""
    for name, value in HEADERS.items():
        reply.headers.setdefault(name, value)
    if (request.endpoint or "").endswith("static") and reply.status_code < 400:
        reply.headers["Cache-Control"] = "public, max-age=86400"
    return reply


class _Json(DefaultJSONProvider):
    """JSON as the contracts write it: instants in ISO 8601, Chinese as Chinese."""

    ensure_ascii = False
    sort_keys = False

    @staticmethod
    def default(value: Any) -> Any:
        """What plain JSON does not know."""
        if isinstance(value, date | datetime):
            return value.isoformat()
        return DefaultJSONProvider.default(value)


def local_time(at: datetime | None) -> str:
    """An instant for people: `2026-11-22 09:30`, as the clock on the wall shows it."""
    return local(at).strftime("%Y-%m-%d %H:%M") if at else ""


def local_due(at: datetime | None) -> str:
    """When something ends, for people: midnight is 24:00 of the day it ends, as staff read it too."""
    if at is not None and at == midnight(day_of(at)):
        return f"{last_day(at)} 24:00"
    return local_time(at)


def local_date(at: datetime | None) -> str:
    """The day of an instant for people."""
    return local(at).strftime("%Y-%m-%d") if at else ""
