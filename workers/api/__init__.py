"""The HTTP API: what a namespace holds, and what may be sent to it.

``app`` puts it together. Around every endpoint lie ``http_metrics``, ``guard`` and ``bodies``, and
around those ``server``: each keeps away one kind of harm. ``parts`` is what endpoints share,
``access`` who may ask, ``problems`` how they say no.
"""
