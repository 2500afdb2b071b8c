"""Which job runs next, and what one client may take."""
