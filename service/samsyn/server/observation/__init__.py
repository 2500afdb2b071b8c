"""What operators see of the web process: access log, metrics, stalls of the event loop."""
