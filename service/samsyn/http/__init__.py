"""What both sides of the socket need: parameters, formats, problem documents, messages.

The web process and its workers both import it; it imports neither.
"""
