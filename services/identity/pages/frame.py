"""What all pages of identity share: where they live, and where somebody goes after signing in."""

from __future__ import annotations

from flask import Blueprint, request

from services.identity.model import ADMINS
from services.identity.model.proof import Todo
from shared.tokens import Claims

HOME = "/reporting/board"
SIGN_IN = "/identity/sign-in"
SECURITY = "/identity/security"
TODO: dict[Todo, str] = {
    "password": "/identity/password",
    "factor": SECURITY,
    "device": SECURITY,
    "training": SECURITY,
}

views = Blueprint(
    "pages", __name__, template_folder="../templates", static_folder="../static", static_url_path="/assets"
)


def wanted() -> str:
    """Where to go afterwards: an address of ours, never somebody else's."""
    said = request.values.get("next", "")
    ours = said.startswith("/") and not said.startswith(("//", "/\\", SIGN_IN))
    return said if ours and "\\" not in said and said.isprintable() else HOME


def home(claims: Claims, todo: Todo, asked: str) -> str:
    """What must be done first; else what was asked for. Administrators have no case to look at."""
    if todo:
        return TODO[todo]
    return SECURITY if asked == HOME and set(claims.roles) & ADMINS else asked
