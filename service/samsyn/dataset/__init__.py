"""The graphs as written, what is said of them, and the index that answers queries."""
