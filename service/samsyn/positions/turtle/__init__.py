"""Where quads are in Turtle and its relatives, and their syntax errors."""
