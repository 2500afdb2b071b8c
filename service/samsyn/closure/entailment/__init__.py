"""Whether a graph follows, with what no closure can hold."""
