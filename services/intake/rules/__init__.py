"""The decisions of intake, by subject: numbers of people, checks, sealing, registering, standing, imports."""
