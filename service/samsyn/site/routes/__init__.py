"""What workers show, one module for a kind of page or document."""
