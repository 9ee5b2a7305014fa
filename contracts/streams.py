"""Names of the public streams of one namespace.

The braces are literal: they are a Redis Cluster hash tag, so everything of one
namespace lives on one node and one script can touch all of it.
"""

import re
from dataclasses import dataclass

GROUP = "dedup"
"""The consumer group of the dedup workers on ``{NS}:articles``."""

_NAMESPACE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True, slots=True)
class Streams:
    """The public streams of a namespace.

    >>> Streams("news").articles
    '{news}:articles'

    Raises:
        ValueError: the namespace is not 1 to 64 letters, digits, ``.``, ``_``
            or ``-``; braces in it would break the hash tag.
    """

    namespace: str

    def __post_init__(self) -> None:
        if not _NAMESPACE.fullmatch(self.namespace):
            raise ValueError(
                f"namespace {self.namespace!r}: expected 1 to 64 letters, digits, '.', '_' "
                "or '-', starting with a letter or digit"
            )

    @property
    def articles(self) -> str:
        """Articles in: one entry an article."""
        return f"{{{self.namespace}}}:articles"

    @property
    def stories(self) -> str:
        """Story events out: one CloudEvent an entry, in field ``data``."""
        return f"{{{self.namespace}}}:stories"

    @property
    def dead(self) -> str:
        """Dead letters: one entry an unprocessable article, in field ``data``."""
        return f"{{{self.namespace}}}:dead"

    @property
    def commands(self) -> str:
        """Editors' rules in: one command an entry, in field ``data``."""
        return f"{{{self.namespace}}}:commands"

    @property
    def rulings(self) -> str:
        """What became of each command, in field ``data``: who asked, why, and the answer."""
        return f"{{{self.namespace}}}:rulings"
