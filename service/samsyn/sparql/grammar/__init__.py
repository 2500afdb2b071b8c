"""Reads SPARQL 1.1 and 1.2 by their grammar: for places of faults, and for exact rewriting."""
