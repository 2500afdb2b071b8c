"""The web process: HTTP, its limits, the cache, the access log and the pool of workers.

It holds no data and runs no query: `server` imports neither `dataset` nor `site`, and of `sparql`
only the scan for keywords.
"""
