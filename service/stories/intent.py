"""What a wire wants done with an item: publish it, hold it back, or kill one."""

from dataclasses import dataclass
from enum import StrEnum

from contracts.article import MAX_VERSION, Article, Status
from service.text.headline import headline_of


class Wish(StrEnum):
    """What becomes of an item."""

    PUBLISH = "publish"
    HOLD = "hold"
    KILL = "kill"


@dataclass(frozen=True, slots=True)
class Intent:
    """A wish, and what it is about."""

    wish: Wish
    subject: str
    """Article id that it is about; of a kill under an id of its own the item it names."""
    through: int
    """Versions up to this one are meant; of a kill or hold without a version all there are."""
    is_guess: bool = False
    """A headline says KILL, and nothing says which item: the text must tell."""


def intent(article: Article) -> Intent:
    """The wish that an article carries.

    Status, signals, slug and headline say it, and the gravest word counts. A headline's tag alone
    can only name the item that it stands over, or one of the same text.
    """
    tags = headline_of(article).tags
    is_kill = article.status is Status.CANCELED or "kill" in tags
    if is_kill:
        named = article.replaces or article.id
        # The version of a kill under an id of its own is its own, not that of its subject.
        through = article.version if named == article.id else None
        return Intent(
            Wish.KILL,
            named,
            MAX_VERSION if through is None else through,
            is_guess=article.status is not Status.CANCELED and article.replaces is None,
        )
    if article.status is Status.WITHHELD or ("hold" in tags and article.embargoed is None):
        through = MAX_VERSION if article.version is None else article.version
        return Intent(Wish.HOLD, article.id, through)
    return Intent(Wish.PUBLISH, article.id, article.effective_version)
