"""Feeds in: documents of wire and web formats, and a poller that asks for them.

A reader (``readers``) turns one document into articles and says of everything else why not; it
knows no Redis and no network. ``deliver`` puts what it found on the streams.
"""
