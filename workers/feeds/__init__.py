"""Feeds in: readers of wire and web formats, a poller, and an HTTP endpoint.

A reader turns one document into articles and says of everything else why not; it knows no
Redis and no network. ``deliver`` puts what it found on the streams, ``poll`` and ``http_post``
are where documents come from.
"""
