"""Comparisons with peers; never part of the gate."""
