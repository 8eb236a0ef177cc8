"""The one group that all pages of intake belong to."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint

pages = Blueprint("intake_pages", __name__, template_folder=str(Path(__file__).parent.parent / "templates"))
