"""What mediation takes and gives over HTTP."""
