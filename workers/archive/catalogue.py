"""What stories are found by: their rows in the columns, and the words of their articles.

Kept up piece by piece as articles come. What they take away when they go is seen only when all is
settled, since another article of the story may hold it too.
"""

from workers.archive.columns import Columns
from workers.archive.folding import folded
from workers.archive.index import WordIndex
from workers.archive.records import Article, Story


class Catalogue:
    """Columns and index of one shelf."""

    def __init__(self) -> None:
        self.columns = Columns()
        self.index = WordIndex()
        """By the rows of the columns."""
        self._changed: set[Story] = set()
        self._lost: dict[Story, set[str]] = {}
        """By story: words of articles that left it, or that are no longer in their titles."""

    def settle(self) -> None:
        """Bring all up to date with the stories; before anything is looked for."""
        for story, lost in self._lost.items():
            kept = set(folded(story.id)).union(*map(_words, story.members.values()))
            self.index.remove(story.row, lost - kept)
        self._lost.clear()
        for story in self._changed:
            if story.merged_into is not None:
                self._take_row(story)
                continue
            self._give_row(story)
            if story.is_stale:
                self._recount(story)
            self.columns.write(story)
        self._changed.clear()

    def changed(self, story: Story) -> None:
        """Something of it is another."""
        self._changed.add(story)

    def joined(self, story: Story, article: Article) -> None:
        """The story has one article more."""
        self.gained(story, article)
        if not story.is_stale:
            self._count(story, article)

    def gained(self, story: Story, article: Article) -> None:
        """The story has the words that its article has now."""
        self._give_row(story)
        self.index.add(story.row, _words(article))
        self._changed.add(story)

    def loses(self, story: Story, article: Article) -> None:
        """Its article is about to go, or to be another."""
        story.is_stale = True
        self._lost.setdefault(story, set()).update(_words(article))
        self._changed.add(story)

    def forget(self, story: Story) -> None:
        """The story is over."""
        self.settle()
        if story.row >= 0:
            for article in story.members.values():
                self.index.remove(story.row, _words(article))
            self._take_row(story)

    def _give_row(self, story: Story) -> None:
        if story.row < 0:
            self.columns.add(story)
            self.index.add(story.row, folded(story.id))

    def _take_row(self, story: Story) -> None:
        if story.row >= 0:
            self.index.remove(story.row, folded(story.id))
            self.columns.remove(story)

    def _recount(self, story: Story) -> None:
        story.languages, story.first_published_ms, story.is_stale = 0, None, False
        for article in story.members.values():
            self._count(story, article)

    def _count(self, story: Story, article: Article) -> None:
        story.languages |= self.columns.bit(article.lang)
        if article.published_ms is not None:
            first = story.first_published_ms
            story.first_published_ms = min(
                article.published_ms, article.published_ms if first is None else first
            )


def _words(article: Article) -> list[str]:
    """What an article is found by."""
    return folded(f"{article.title} {article.id} {article.source or ''}")
