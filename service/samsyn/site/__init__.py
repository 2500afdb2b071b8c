"""The web: SPARQL, pages for every IRI of ours, the query library, dumps.

Everything is read-only.
No request reaches the file system (assets and templates are read at the start) or the network.
"""
