"""SHACL validation: engines behind one function (:mod:`.shapes`), and the repository's own run."""
