"""Feeds: a server, a poller with a clock, sample documents."""
