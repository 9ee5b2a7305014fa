"""Names of items that no other feed gives to an item of its own."""

import re

_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S")


def unique(name: str, feed: str) -> str:
    """An item's name; behind that of its feed if it is unique there only.

    >>> unique("urn:x:17", "https://courier.example/"), unique("17", "https://courier.example/")
    ('urn:x:17', 'https://courier.example/#17')
    """
    return name if _URI.match(name) else f"{feed}#{name}"
