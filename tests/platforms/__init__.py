"""Platforms of other offices: their cards, their adapters, their simulators, and a day without them."""
