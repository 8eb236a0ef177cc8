"""The judicial bureau's adapter: applies for people's mediation and turns its numbers into answers."""
