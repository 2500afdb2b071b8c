"""JSON-LD, read with contexts from files."""
