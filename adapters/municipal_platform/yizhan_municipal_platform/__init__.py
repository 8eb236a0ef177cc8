"""The city's platform of social governance."""
