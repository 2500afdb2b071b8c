def check(triples, path): pass
