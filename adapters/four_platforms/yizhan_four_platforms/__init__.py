"""The four platforms of grass-roots governance."""
