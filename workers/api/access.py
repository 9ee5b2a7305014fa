"""Who may read and who may write."""


def reader() -> None:
    """A dependency of what only reads."""


def writer() -> None:
    """A dependency of what changes something."""
