"""A headline as people see it in a terminal."""

from rich.text import Text

from workers.wording import plain

HEADLINE_CHARS = 160
"""A longer headline is cut: about four lines of half of 80 columns."""


def headline(title: str, style: str = "") -> Text:
    """A title as it came, never read as markup.

    >>> headline("Rates [bold] up").plain
    'Rates [bold] up'
    """
    return Text(plain(title, HEADLINE_CHARS) or "(no headline)", style=style)
