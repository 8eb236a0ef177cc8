"""What grid does when it is asked or hears something: load, decide, save."""
