"""Fixes: which there are for a finding, and how they are applied to files."""
