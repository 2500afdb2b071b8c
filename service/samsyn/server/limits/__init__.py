"""What clients may use: quotas of memory and places, rates, and budgets made from the settings."""
