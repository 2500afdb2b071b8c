"""Checking a shapes graph before it is trusted: engines pass most faults in silence.

:func:`.checking.faults` finds what is wrong with any shapes graph, and
:func:`.untrusted.refusals` what is not taken in untrusted shapes.
"""
