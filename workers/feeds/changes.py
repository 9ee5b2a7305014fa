"""Which items of a polled document are news since the poll before.

RSS and Atom do not count versions: an item whose content changed without a later update time
gets the next version after the one published last. Wire formats count their own, and an item
of a known version and content is unchanged.

What is damaged is no news at first sight: text with U+FFFD, which stands for bytes that were no
text, of an item that is known whole. One bad byte on one day, or a server that cuts within a
letter, would make a version of garbage and the next poll another one. It waits, and is published
if the next poll that has the item brings the very same: then that is what its outlet says. A new
item is published as it is, unless its id is damaged, so that it may be a known one. What the wire
itself calls a new version, a kill, a hold or a correction never waits. Where a bad byte is in no
article it stands in the markup, or in what was not taken for it: then all changes of the document
wait. So do new items if it was not understood and lacks a known one, which may be one of them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from hashlib import sha256

from contracts.article import MAX_VERSION, Article, Status
from workers.feeds.content import content_digest, former_digest
from workers.feeds.known_names import KnownNames, alias
from workers.feeds.memory import Seen
from workers.feeds.reader import BadItem

DAMAGE = "\ufffd"
_NEVER = "-"
"""In place of the digest of what was never published."""
_FAULT = "\0"
"""Before the names of bad items among ids, which hold no control character."""


class Changes:
    """Compares one document's items, in their order, with what is remembered."""

    def __init__(
        self,
        held: Mapping[str, Seen],
        document: Iterable[Article],
        *,
        states_versions: bool,
        now_ms: int,
        damages: int = 0,
        is_broken: bool = False,
    ) -> None:
        """``damages``: how often the document has U+FFFD. ``is_broken``: something in it was not
        understood.
        """
        articles = list(document)
        self._held = held
        self._is_damaged = damages > 0 and damages > sum(map(_damages, articles))
        self._hides_names = self._is_damaged and is_broken and _lacks_known(held, articles)
        self._names = KnownNames(held, () if states_versions else articles)
        self._states_versions = states_versions
        self._now_ms = now_ms
        self.fresh: dict[str, Seen] = {}
        """The document's items as they are to be remembered."""
        self.new = self.changed = self.unchanged = 0
        self.waits = False
        """Whether an item waits, so that the document is to be asked for again in full."""

    def to_publish(self, article: Article) -> list[Article]:
        """The article as it is to be published; none if it was. A kill may be of several items."""
        meant = [article] if self._states_versions else list(self._names.meant(article))
        self._keep_alias(article.id, meant[0].id)
        return [sent for each in meant if (sent := self._compared(each)) is not None]

    def _compared(self, article: Article) -> Article | None:
        twice = self.fresh.get(article.id)
        last = twice or self._held.get(article.id)
        digest = content_digest(article)
        if last and last.digest != digest and last.digest == former_digest(article):
            last = replace(last, digest=digest)
        if self._is_known(article, digest, last) or (twice and not self._states_versions):
            # The first of two items of one id counts: with both, each poll would see a change.
            self.unchanged += 1
            if last:
                self._stays(article, last)
            return None
        if self._has_another_name(article, digest, last):
            self.unchanged += 1
            return None
        is_damaged = self._is_damaged or _damages(article) > 0
        if is_damaged and self._is_to_wait(article, digest, last):
            self.unchanged += 1
            self.waits = True
            known = last or Seen(0, _NEVER, 0)
            self.fresh[article.id] = replace(known, seen_ms=self._now_ms, damaged=digest)
            return None
        if last is None or last.digest == _NEVER:
            self.new += 1
        else:
            self.changed += 1
            article = self._counted(article, last)
        version = article.effective_version
        if last and not self._states_versions:
            version = max(version, last.version)  # a kill has none, and the count goes on behind it
        damaged = digest if is_damaged else ""
        self.fresh[article.id] = Seen(version, digest, self._now_ms, damaged)
        self._names.remember(article.id, digest)
        return article

    def to_tell(self, item: BadItem) -> bool:
        """Whether a bad item is to have a dead letter: it stays in its feed for hours, and each
        document that it is in would make one more.
        """
        name = _FAULT + sha256(item.fragment or item.where.encode()).hexdigest()[:32]
        known = name in self._held or name in self.fresh
        self.fresh[name] = Seen(0, _NEVER, self._now_ms)
        return not known

    def _is_known(self, article: Article, digest: str, last: Seen | None) -> bool:
        if last is None or last.digest != digest:
            return False
        return not self._states_versions or article.effective_version == last.version

    def _has_another_name(self, article: Article, digest: str, last: Seen | None) -> bool:
        if self._states_versions:
            return False
        known = self._names.other_name(article, digest)
        if known is None:
            return False
        if last is None and not self._names.is_present(known):
            self._keep_alias(article.id, known)
        if known in self._held:
            self.fresh.setdefault(known, replace(self._held[known], seen_ms=self._now_ms))
        return True

    def _keep_alias(self, name: str, known: str) -> None:
        if name != known:
            self.fresh[alias(name, known)] = Seen(0, _NEVER, self._now_ms)

    def _stays(self, article: Article, last: Seen) -> None:
        """An item as it was; nothing waits any more, unless this is its second in the document."""
        is_second = article.id in self.fresh
        damaged = last.damaged if is_second or last.damaged == last.digest else ""
        self.fresh[article.id] = replace(last, seen_ms=self._now_ms, damaged=damaged)

    def _is_to_wait(self, article: Article, digest: str, last: Seen | None) -> bool:
        if last is None:
            return DAMAGE in article.id or self._hides_names
        is_said = article.status is not Status.USABLE or article.signals
        if is_said or (self._states_versions and article.effective_version > last.version > 0):
            return False
        return last.damaged not in {digest, last.digest}

    def _counted(self, article: Article, last: Seen) -> Article:
        """A changed item with a version above the last one; a kill stays one of all versions."""
        if (
            self._states_versions
            or article.effective_version > last.version
            or article.status is Status.CANCELED
        ):
            return article
        return article.model_copy(update={"version": min(last.version + 1, MAX_VERSION)})


def _damages(article: Article) -> int:
    return article.model_dump_json().count(DAMAGE)


def _lacks_known(held: Mapping[str, Seen], articles: Iterable[Article]) -> bool:
    """Whether an item of the last document is not there any more."""
    last_ms = max((seen.seen_ms for seen in held.values()), default=0)
    present = {each.id for each in articles}
    return any(
        seen.version and seen.seen_ms == last_ms and name not in present
        for name, seen in held.items()
    )
