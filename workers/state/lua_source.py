"""The text of each script in ``workers/state/lua``, as a server gets it.

In front of a script stand the names that it uses (`schema.prelude`), the fence, and the parts that
it shares with others.
"""

from functools import cache
from hashlib import sha1
from importlib.resources import files

from workers.state.schema import prelude

PARTS = {
    "backlog": ("about", "group"),
    "bury": ("ended",),
    "change": ("ended",),
    "register": ("ended", "mandate"),
    "look": ("about", "group"),
    "missed": ("about", "group"),
    "read": ("about", "group", "sized"),
    "page": ("sized",),
    "seek": ("sized",),
    "claim": ("sized",),
    "present": ("about", "set_back"),
    "strays": ("about", "set_back"),
    "prune": ("about",),
    "expired": ("survivor",),
    "stories": ("survivor",),
    "whole": ("survivor",),
}
"""What stands between the fence and a script, by the script."""

_FOLDER = files("workers.state") / "lua"


@cache
def source(name: str, *, is_fenced: bool = True) -> str:
    """The whole script.

    Raises:
        KeyError: it uses a name that the schema does not have.
    """
    front = (*(("fence",) if is_fenced else ()), *PARTS.get(name, ()))
    text = "".join((_FOLDER / f"{each}.lua").read_text("utf-8") for each in (*front, name))
    return prelude(text) + text


@cache
def sha(name: str) -> str:
    """The name by which a server knows the whole script, 40 hex digits."""
    return sha1(source(name).encode(), usedforsecurity=False).hexdigest()
