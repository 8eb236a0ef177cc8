"""Who leads: read from the county's table, which intake reads for its suggestions too."""

from shared.profile.leading import Choice, choose

__all__ = ["Choice", "choose"]
