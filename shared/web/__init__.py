"""How a service answers over HTTP; the only package that knows Flask applications.

A service's `api.py` takes everything it needs from here.
"""

from shared.tokens import Claims
from shared.web.access import caller, in_scope, needs, public, takes, visitor
from shared.web.app import make_app
from shared.web.documentation import Answer, blueprint
from shared.web.request import answer, cause, record
from shared.web.site import for_people, here, site

__all__ = [
    "Answer",
    "Claims",
    "answer",
    "blueprint",
    "caller",
    "cause",
    "for_people",
    "here",
    "in_scope",
    "make_app",
    "needs",
    "public",
    "record",
    "site",
    "takes",
    "visitor",
]
