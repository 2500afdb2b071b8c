"""The executor in memory: rules compiled to a plan, run over columns."""
