"""RDF/XML, read and written."""
