"""The pages of identity: signing in, a second step, one's password, one's machines, approvals."""

from services.identity.pages import approving, security, signing, upstream, wall
from services.identity.pages.frame import views

__all__ = ["approving", "security", "signing", "upstream", "views", "wall"]
