"""The petition information system."""
