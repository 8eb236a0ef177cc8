"""Bundles across a gate: the format, the healing, the folders, the two programs on either side."""
