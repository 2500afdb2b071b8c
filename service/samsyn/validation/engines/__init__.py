"""The SHACL engines: data and shapes in, results out.

:mod:`.routing` chooses which engine evaluates which shapes and is what the rest of the program
calls; each engine has a module of its own, and :mod:`.report` reads the report graphs that they
give back. ``shacl`` is the default, pySHACL the reference.
"""
