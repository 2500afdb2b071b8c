"""Where triples are in the files that they were read from, and all syntax errors of a file.

:mod:`.locating` finds places, :mod:`.recovery` finds faults; the rest serves the two.
"""
