"""The query engine behind one seam: the index, updates, functions, scan, texts of errors."""
