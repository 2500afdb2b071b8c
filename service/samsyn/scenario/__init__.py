"""What would change if recommendations were followed."""
