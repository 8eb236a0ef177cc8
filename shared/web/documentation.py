"""The description of a service's addresses: OpenAPI 3.1 as JSON, and a page that shows it offline."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar, cast

import flask_smorest
from flask import Blueprint, Flask, Response, jsonify, make_response, render_template
from flask_smorest import Api
from marshmallow import INCLUDE, Schema, fields

from shared.web.access import marked, public
from shared.web.body import Parser

V = TypeVar("V", bound=Callable[..., Any])

IDEMPOTENCY = {
    "name": "Idempotency-Key", "in": "header", "required": False,
    "description": "The same key acts once; the same key with another body is refused with 422.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 128},
}  # fmt: skip
IF_MATCH = {
    "name": "If-Match", "in": "header", "required": False,
    "description": "The version that was read (its ETag); 412 when it is no longer the present one.",
    "schema": {"type": "string"},
}  # fmt: skip
POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
)


class Answer(Schema):
    """What every answer about an aggregate carries; schemas of answers inherit it."""

    id = fields.String(required=True, metadata={"description": "Its id."})
    version = fields.Integer(required=True, metadata={"description": "Its version, also in ETag."})


class Error(Schema):
    """Every error answer: a code for programs, a sentence for people, field paths where fields are wrong.

    Some codes come with more: `allowed`, `state`, `limit`, `due` and the like.
    """

    class Meta:
        unknown = INCLUDE

    code = fields.String(required=True)
    message = fields.String(required=True)
    fields_ = fields.Dict(
        keys=fields.String(), values=fields.List(fields.String()), data_key="fields", attribute="fields"
    )


class Documented(Api):  # type: ignore[misc]
    """flask-smorest's Api, with our error shape instead of its own."""

    ERROR_SCHEMA = Error

    def _register_error_handlers(self) -> None:
        """Errors are answered in `shared.web.errors`."""


class Views(flask_smorest.Blueprint):  # type: ignore[misc]
    """flask-smorest's Blueprint, its decorators typed so that strict checking sees through them."""

    ARGUMENTS_PARSER = Parser()
    also_pages = False

    def route(self, rule: str, **options: Any) -> Callable[[V], V]:
        """The view answers at this address."""
        return cast(Callable[[V], V], super().route(rule, **options))

    def arguments(self, schema: Any, **options: Any) -> Callable[[V], V]:
        """The view gets what this schema read, as its first argument."""
        return cast(Callable[[V], V], super().arguments(schema, **options))

    def response(self, status_code: int, schema: Any = None, **options: Any) -> Callable[[V], V]:
        """The view answers with this status, in the form of this schema."""
        return cast(Callable[[V], V], super().response(status_code, schema, **options))

    def doc(self, **options: Any) -> Callable[[V], V]:
        """`@blp.doc(…)`, typed: what is said about a view beside its schemas."""
        return cast(Callable[[V], V], super().doc(**options))

    def alt_response(self, status_code: int, response: Any = None, **options: Any) -> Callable[[V], V]:
        """The view may also answer like this."""
        return cast(Callable[[V], V], super().alt_response(status_code, response, **options))


def blueprint(name: str, description: str, *, also_pages: bool = False) -> Views:
    """A group of views under the service's prefix; routes start with the resource: `/cases/<id>`.

    `also_pages`: at the same addresses a browser gets pages; the view asks `for_people()`.
    """
    views = Views(name, name, description=description)
    views.also_pages = also_pages
    return views


def describe(app: Flask, service: str, title: str) -> Documented:
    """The Api that collects the description of this application's blueprints."""
    app.config |= {"API_TITLE": title, "API_VERSION": "v1", "OPENAPI_VERSION": "3.1.0"}
    schemes = {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
    api = Documented(app, spec_kwargs={"security": [{"bearer": []}]})
    for name, scheme in schemes.items():
        api.spec.components.security_scheme(name, scheme)
    app.register_blueprint(_pages(api, service, title), url_prefix=f"/{service}")
    return api


def _pages(api: Documented, service: str, title: str) -> Blueprint:
    pages = Blueprint("documentation", __name__)

    @pages.get("/openapi.json")
    @public
    def openapi() -> Response:
        return jsonify(api.spec.to_dict())

    @pages.get("/docs")
    @public
    def docs() -> Response:
        reply = make_response(render_template("docs.html", service=service, title=title))
        reply.headers["Content-Security-Policy"] = POLICY
        return reply

    return pages


def mark_operations(app: Flask, api: Documented) -> None:
    """Say of each described operation whether it is public, and which headers a change takes."""
    views = {
        (_path(rule.rule), method.lower()): app.view_functions[rule.endpoint]
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
    }
    for path, operations in api.spec._paths.items():
        for method, operation in operations.items():
            view = views.get((path, method))
            if view is not None:
                _mark(operation, method, marked(view, method.upper(), "_access").public)


def _mark(operation: dict[str, Any], method: str, is_public: bool) -> None:
    if is_public:
        operation["security"] = []
    elif method in ("post", "put", "patch", "delete"):
        operation.setdefault("parameters", []).extend([IDEMPOTENCY, IF_MATCH])


def _path(rule: str) -> str:
    """A Flask rule as OpenAPI writes it: `/cases/<string:id>` → `/cases/{id}`."""
    return re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule)
