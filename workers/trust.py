"""The file that ``ONESTORY_TRUST`` names: who may speak for whom, beside everyone for itself.

```toml
[speaks-for]
"token:desk" = ["*"]                            # whoever posts with this token: for everybody
"Reuters" = ["Рейтер", "feed:reuters-world"]    # articles that name this source
```

A name without ``feed:`` or ``token:`` is a source, as articles name it; ``""`` is who names none.
Case and spaces don't count. ``"*" = ["*"]`` lets everyone speak for everyone.
"""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from service.stories.senders import FEED, TOKEN, Trust, sender_named
from workers.settings import Settings
from workers.toml_file import read_toml


def _named(text: str) -> str:
    name = sender_named(text)
    if name in (FEED, TOKEN):
        raise ValueError(f"{text!r} names nobody; expected a name behind the colon")
    return name


SenderName = Annotated[str, AfterValidator(_named)]


def _written(text: str) -> str:
    _named(text)
    return text


_Written = Annotated[str, AfterValidator(_written)]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    speaks_for: Annotated[dict[_Written, list[SenderName]], Field(alias="speaks-for")]
    """By the sender as it is written: two spellings may be one."""


def trust_of(settings: Settings) -> Trust:
    """What the settings' file says; nobody speaks for anybody else without one.

    Raises:
        OnestoryError: it can't be read, or says something unknown.
    """
    if settings.trust is None:
        return Trust()
    said: dict[str, tuple[str, ...]] = {}
    for written, owners in read_toml(settings.trust, _File).speaks_for.items():
        sender = sender_named(written)
        said[sender] = (*said.get(sender, ()), *owners)
    return Trust(said)
