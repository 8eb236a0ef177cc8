"""Who may call a view. A view says so itself, with `@needs(…)` or `@public`; saying nothing is a fault.

The check runs before the body is read: a stranger learns nothing about what a body should look like.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request

from shared.errors import Forbidden, NotFound, TooLarge, Unauthorised, UnsupportedType
from shared.tokens import Claims, verify
from shared.web import machine
from shared.web.site import for_people, site

V = TypeVar("V", bound=Callable[..., Any])

COOKIE = "yz"
BODY = 256 * 1024  # DOMAIN 3.10
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
SAFE = ("GET", "HEAD", "OPTIONS")
SHOWS = (
    "display",
)  # a screen on the wall: of identity it may renew its own session, elsewhere it changes nothing


@dataclass(frozen=True, kw_only=True)
class Access:
    """Who may call, and what they may send."""

    public: bool = False
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Takes:
    """Which types of body a view takes, and how large."""

    types: tuple[str, ...]
    limit: int


def needs(*roles: str) -> Callable[[V], V]:
    """The view needs a signed-in caller with one of these roles; without roles, any signed-in caller."""
    return _mark("_access", Access(roles=roles))


def public(view: V) -> V:
    """The view is for everybody, signed in or not."""
    return _mark("_access", Access(public=True))(view)


def takes(*types: str, limit: int = BODY) -> Callable[[V], V]:
    """The view takes bodies of these types up to `limit` bytes; uploads say so with this."""
    return _mark("_takes", Takes(types=types, limit=limit))


def _mark(name: str, value: Any) -> Callable[[V], V]:
    def note(view: V) -> V:
        setattr(view, name, value)
        return view

    return note


def caller() -> Claims:
    """Who calls.

    Raises Unauthorised when nobody is signed in (only possible in a public view).
    """
    found = visitor()
    if found is None:
        raise Unauthorised("请先登录")
    return found


def visitor() -> Claims | None:
    """Who calls, or None when nobody is signed in; for public views and the page layout."""
    found: Claims | None = g.get("claims")
    return found


def in_scope(region: str, *, protected: bool = False, field: str = "") -> None:
    """Let the caller go on only inside the own region subtree; `field` is where the caller named the region.

    Raises Forbidden outside of it; NotFound when the thing is protected, so that its existence stays hidden.
    """
    if caller().sees(region):
        return
    if protected:
        raise NotFound("没有找到这条记录")
    said = "不在您的辖区范围内"
    raise Forbidden(said, code="out_of_region", fields={field: [said]} if field else None)


def gate() -> None:
    """Before every request: who is it, may they, and is the body of a kind and size we take."""
    g.claims = None
    if request.routing_exception is not None or request.method == "OPTIONS":
        return
    access = _marked("_access") or _static()
    g.claims = _who(access)
    if not access.public:
        g.claims = _allowed(caller(), access)
    _check_body()


def with_cookie(reply: Response, token: str) -> Response:
    """The reply, with the token in a cookie that no script reads and no other site sends."""
    reply.set_cookie(COOKIE, token, path="/", httponly=True, samesite="Strict", secure=request.is_secure)
    return machine.with_secret(reply)


def without_cookie(reply: Response) -> Response:
    """The reply, which makes the browser forget the token."""
    reply.delete_cookie(COOKIE, path="/", httponly=True, samesite="Strict", secure=request.is_secure)
    return reply


def _who(access: Access) -> Claims | None:
    header = request.headers.get("Authorization", "")
    cookie = request.cookies.get(COOKIE, "")
    if header:
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer":
            raise Unauthorised("请先登录")
        return _proved(token.strip())
    if not cookie:
        return None
    try:
        claims = _proved(cookie)
    except Unauthorised:
        if access.public:
            return None
        raise
    from_own_page()
    return claims


def _proved(token: str) -> Claims:
    claims = verify(token)
    machine.check(claims.bound)
    return claims


def from_own_page() -> None:
    """Raises Forbidden unless a change is asked for by our own page; a cookie alone changes nothing."""
    if request.method in SAFE:
        return
    fetched = request.headers.get("Sec-Fetch-Site")
    origin = urlsplit(request.headers.get("Origin", "")).netloc
    same = fetched == "same-origin" if fetched else origin == request.host
    if not same:
        raise Forbidden("请求不是从本系统页面发出的", code="foreign_origin")


def _allowed(claims: Claims, access: Access) -> Claims:
    if claims.roles == SHOWS and request.method not in SAFE and site().service != "identity":
        raise Forbidden("显示屏只能看，不能改", code="role_missing")
    if not access.roles:
        return replace(claims, role=claims.roles[0] if claims.roles else claims.kind)
    role = next((role for role in access.roles if role in claims.roles), None)
    if role is None:
        raise Forbidden("您的岗位没有此项权限", code="role_missing")
    return replace(claims, role=role)


def _check_body() -> None:
    usual = FORMS if for_people() else ("application/json",)
    takes = _marked("_takes") or Takes(types=usual, limit=BODY)
    request.max_content_length = takes.limit
    if (request.content_length or 0) > takes.limit:
        raise TooLarge(f"内容超过上限（{takes.limit // 1024} KB）", limit=takes.limit)
    sent = request.content_length or "Transfer-Encoding" in request.headers
    if sent and request.mimetype not in takes.types:
        raise UnsupportedType("不支持这种内容类型", allowed=list(takes.types))


def _marked(name: str) -> Any:
    return marked(current_app.view_functions[request.endpoint or ""], request.method, name)


def marked(view: Any, method: str, name: str) -> Any:
    """The mark a view carries for a method: on the method itself, or on its class."""
    kind = getattr(view, "view_class", None)
    if kind is None:
        return getattr(view, name, None)
    handler = getattr(kind, method.lower(), None) or getattr(kind, "get", None)
    return getattr(handler, name, None) or getattr(kind, name, None)


def _static() -> Access:
    return Access(public=_is_static(request.endpoint or ""))


def _is_static(endpoint: str) -> bool:
    return endpoint == "static" or endpoint.endswith(".static")


def refuse_unmarked(app: Flask) -> None:
    """Fail when a view says neither `@needs` nor `@public`: nothing is open by oversight.

    Raises RuntimeError naming every such view.
    """
    open_views = [
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        if not _is_static(rule.endpoint)
        and marked(app.view_functions[rule.endpoint], method, "_access") is None
    ]
    if open_views:
        raise RuntimeError(f"neither @needs nor @public: {', '.join(open_views)}")
