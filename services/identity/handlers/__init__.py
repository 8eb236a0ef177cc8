"""What identity does when asked: `accounts`, `units`, `access` (signing in and out)."""
