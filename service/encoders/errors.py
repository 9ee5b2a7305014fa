"""Errors of encoders; each docstring is the definition."""


class EncoderUnusable(Exception):
    """The chosen encoder can't work as it is set up; the message says what to change."""


class ExtraNotInstalled(EncoderUnusable):
    """The chosen encoder needs an optional dependency."""

    def __init__(self, extra: str, module: str | None) -> None:
        super().__init__(
            f"encoder {extra!r} needs {module!r}, which is not installed: "
            f"pip install 'onestory[{extra}]'"
        )


class EncoderUnavailable(Exception):
    """The endpoint gives no vectors now: no article is at fault, and the same call succeeds
    once the endpoint, or the key to it, is in order again.
    """


class EncoderRefused(Exception):
    """The endpoint refuses these texts, or its answer makes no sense; asking again won't help."""
