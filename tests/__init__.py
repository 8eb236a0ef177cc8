"""Tests, by what they need to run: unit, contracts, api, journeys, faults, browser."""
