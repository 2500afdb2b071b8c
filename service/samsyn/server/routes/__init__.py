"""What the web process answers itself, or makes ready for a worker."""
