"""Bearer tokens: compared in constant time, and whose a named one is."""

from hmac import compare_digest

from pydantic import SecretStr

from service.stories.senders import TOKEN, named
from workers.settings import Settings


def is_token(token: SecretStr | None, said: str) -> bool:
    """Whether a client said this token; never, where none is set."""
    wanted = b"" if token is None else token.get_secret_value().encode()
    # Headers are read as Latin-1: so the bytes that were sent come back.
    right = compare_digest(said.strip().encode("latin-1", "replace"), wanted)
    return token is not None and right


def token_sender(settings: Settings, said: str) -> str:
    """Who sends with a token, of those that have a name; empty for any other. All are compared,
    whatever the first says.
    """
    found = [name for name, each in settings.write_tokens.items() if is_token(each, said)]
    return named(TOKEN, found[0]) if found else ""
