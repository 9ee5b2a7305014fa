"""What each step of training reads of the news: twins, own leads, headlines to place."""

from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from service.training.corpus import Corpus, Spans
from service.training.news import News, twins

TWINS = 256
"""Pairs of a step that the teacher takes for one event, a third of them in two languages."""
OWN_LEADS = 512
"""Titles of a step beside their own leads, a third of them Russian."""
HEADLINES = 384
"""Of each language, for the teacher's cosines."""
STRANGERS = 0.4
"""Teacher's cosine from which two articles are no strangers to each other."""
SAME_DAYS = 0.6
"""Share of batches from neighbouring days, where strangers are hard to tell."""
SHOWN_OF_TWINS = (0.4, 0.1, 0.5)
SHOWN_OF_HEADLINES = (0.6, 0.1, 0.3)
"""Shares of articles shown by title, by lead, and by both."""
SHORTEST = (3, 4)
"""Words of a title and of a lead that say something."""

Numbers = NDArray[np.int64]


class Pairs(NamedTuple):
    """Texts that say the same, row by row."""

    left: Spans
    right: Spans
    barred: NDArray[np.bool_]
    """Pairs, shape (n, n), that are no strangers although they are no pair."""


@dataclass(frozen=True, slots=True)
class Lessons:
    """Draws from the news, by the order of time."""

    corpus: Corpus
    news: News
    twins: Numbers
    """Places in ``news.taught``, shape (n, 2)."""
    across: Numbers
    """Which of them are in two languages."""
    own: tuple[Numbers, Numbers]
    """Articles with title and lead, English and Russian."""
    headlines: tuple[Numbers, Numbers]
    """Places in ``news.taught``, Russian and English."""

    @classmethod
    def of(cls, corpus: Corpus, news: News) -> Self:
        """Finds twins; a few seconds."""
        pairs = twins(news)
        russian = news.russian[news.taught]
        titles = corpus.title_of(np.arange(len(news.days)))
        told = (corpus.words_of(titles) >= SHORTEST[0]) & (
            corpus.words_of(titles + 1) >= SHORTEST[1]
        )
        return cls(
            corpus,
            news,
            pairs,
            np.flatnonzero(russian[pairs].sum(axis=1) == 1),
            (np.flatnonzero(told & ~news.russian), np.flatnonzero(told & news.russian)),
            (np.flatnonzero(russian), np.flatnonzero(~russian)),
        )

    def of_twins(self, rng: np.random.Generator) -> Pairs:
        """Reports of one event by two outlets, each by title, lead or both."""
        across = _near(self.across, TWINS // 3, rng)
        others = _near(np.arange(len(self.twins)), TWINS - TWINS // 3, rng)
        pairs = rng.permuted(self.twins[np.concatenate([across, others])], axis=1)
        taught, teacher = self.news.taught, self.news.teacher
        barred = teacher[pairs[:, 0]] @ teacher[pairs[:, 1]].T > STRANGERS
        np.fill_diagonal(barred, val=False)
        left, right = (self._shown(taught[pairs[:, side]], SHOWN_OF_TWINS, rng) for side in (0, 1))
        return Pairs(left, right, barred)

    def of_own_leads(self, rng: np.random.Generator) -> tuple[Spans, Spans]:
        """Titles and leads of articles: news told twice by one hand, in either language."""
        english, russian = self.own
        drawn = [
            rng.choice(english, OWN_LEADS - OWN_LEADS // 3, replace=False),
            rng.choice(russian, OWN_LEADS // 3, replace=False),
        ]
        titles = self.corpus.title_of(np.concatenate(drawn))
        return np.stack([titles, titles + 1], axis=1), np.stack([titles + 1, titles + 2], axis=1)

    def of_headlines(self, rng: np.random.Generator) -> tuple[Spans, NDArray[np.float32]]:
        """Russian, then English articles, and the teacher's vectors of their headlines."""
        moment = rng.random()
        near = rng.random() < SAME_DAYS
        drawn = np.concatenate(
            [
                rng.choice(_part(each, HEADLINES, moment) if near else each, HEADLINES, False)
                for each in self.headlines
            ]
        )
        shown = self._shown(self.news.taught[drawn], SHOWN_OF_HEADLINES, rng)
        return shown, self.news.teacher[drawn]

    def _shown(
        self, articles: Numbers, shares: tuple[float, ...], rng: np.random.Generator
    ) -> Spans:
        titles = self.corpus.title_of(articles)
        kinds = rng.choice(3, len(articles), p=shares)
        kinds[self.corpus.words_of(titles + 1) < SHORTEST[1]] = 0
        return np.stack([titles + (kinds == 1), titles + 1 + (kinds > 0)], axis=1)


def _near(drawable: Numbers, count: int, rng: np.random.Generator) -> Numbers:
    """``count`` of them, most often from neighbouring days."""
    if rng.random() < SAME_DAYS:
        drawable = _part(drawable, count, rng.random())
    return rng.choice(drawable, count, replace=False)


def _part(drawable: Numbers, count: int, moment: float) -> Numbers:
    """Twice ``count`` of them in a row, as far through time as ``moment``, 0 to 1."""
    first = int(moment * max(len(drawable) - 2 * count, 0))
    return drawable[first : first + 2 * count]
