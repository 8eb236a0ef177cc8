"""Fourteen cases by which an adapter, in any language, shows that it loses nothing and doubles nothing."""

KIT = "1.0.0"
