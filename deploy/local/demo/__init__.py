"""The demo: a county's days in minutes, driven only through public HTTP and by department processes."""
