"""The HTTP protocol of the server: uvicorn's, with limits on what clients send, hold and read.

What cannot be understood for certain is refused, and its connection ends (RFC 9112, section 11.2).
"""
