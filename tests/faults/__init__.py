"""What must hold when something is killed, cut, filled up or told twice."""
