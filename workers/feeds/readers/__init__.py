"""One module a format, what belongs to one alone under its name, and what they share.

- Formats: ``jsonl``, ``ninjs`` (``ninjs_item``, ``ninjs_words``), ``json_feed``, ``newsml_g2``
  (``newsml_g2_content``, ``newsml_g2_properties``), ``newsml_1`` (``newsml_1_content``), ``nitf``,
  ``syndication`` for RSS and Atom, ``iptc_7901`` and ``anpa_1312`` (both ``wire_messages``);
  ``unknown`` is every other document.
- Syntax: ``xml``, ``values`` (JSON), ``markup`` (HTML to text), ``body`` (NITF and XHTML to text).
- Fields: ``fields`` (versions, times, codes), ``times`` (what is a time), ``release`` (statuses,
  embargoes, notes to editors).
- Names: ``ids``, ``twins`` (items of one document that have one).
"""
