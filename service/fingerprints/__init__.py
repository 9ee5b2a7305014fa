"""Fingerprints: what is kept of an article to recognise its story again."""
