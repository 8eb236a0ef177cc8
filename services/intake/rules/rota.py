"""Who receives a matter that no person took in: a post at the nearest centre, by the rota of the profile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

USUAL = ("window_clerk", "duty_leader")


def receiver(rota: Sequence[str], centre: str, *, on_duty: bool) -> str:
    """The post that is answerable: the first of the rota in office hours, the last one outside of them."""
    posts = tuple(rota) or USUAL
    return f"{posts[0] if on_duty else posts[-1]}.{centre}" if centre else posts[0]


def centre_of(region: str, centres: Mapping[str, str]) -> str:
    """The centre that serves a region: its own, or that of the nearest region above it."""
    above = [own for own in centres if region.startswith(own)]
    return centres[max(above, key=len)] if above else ""
