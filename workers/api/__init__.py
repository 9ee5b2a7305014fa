"""The HTTP API: what a namespace holds, and what may be sent to it.

``parts`` is what every endpoint works with, ``problems`` how it says no.
"""
