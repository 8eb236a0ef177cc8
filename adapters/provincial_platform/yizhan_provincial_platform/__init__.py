"""The provincial people's mediation platform."""
