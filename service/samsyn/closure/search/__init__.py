"""The search for proofs: backwards from a triple through the rule table, lowest proofs first."""
