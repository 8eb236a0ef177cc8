"""What runs inside the image beside the services: making secrets, joining the database, health, commands."""
