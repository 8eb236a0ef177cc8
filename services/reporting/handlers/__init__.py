"""What reporting does with what it hears, and how it answers."""
