"""The court's adapter: hands cases to its mediation platform and turns the platform's codes into answers."""
