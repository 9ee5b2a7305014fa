"""Faults injected into the running service: `python -m tests.faults --help`.

A run publishes made-up traffic to real worker processes on a redis-server of its own, breaks
something every so often, and looks at the end, and whenever all is quiet, whether every
article that was accepted came to the end it must come to.
"""
