"""What petition takes and gives over HTTP."""
