"""Proofs, and a checker that knows nothing but the rule table."""
