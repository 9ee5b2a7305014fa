"""Guards: what vetoes a link whatever the similarity.

The network is trained on such cases too; the guards are for the ones that no
training set foresees, and they tell an editor in words why two look-alikes were
kept apart.
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from service.fingerprints.embedding import LANGUAGES
from service.matching.columns import Columns, Floats, Indices
from service.matching.features import Features

FEWEST_WORDS = 3
"""Of a text that may join anything."""
DIGEST_ITEMS = 4
"""List items from which a text may be a round-up of several stories, if the other text
has at most ``STRAY_ITEMS``: the translation of an article with a list has the list too."""
STRAY_ITEMS = 1
SAME_SUBJECT = 0.3
"""Cosine of titles and of bodies, below which a text with a list is a round-up that mentions
what the other tells. An article with a list at its end ("Most read") keeps its headline: of
two own reports of one event 83 in 100 of one language and 65 across languages reach both,
of a digest and another text fewer than 3 in 100, and those call themselves a round-up."""
SAME_TEMPLATE = 0.5
"""Similarity with names and numbers masked, from which two texts fill one template."""
SAME_MEANING = 0.75
"""Cosine from which two short texts in different languages may fill one template."""
SAME_FRAME = 0.6
"""Cosine from which such two may tell the same of two people or places: an obituary, a fire."""
NAMES_ACROSS = 0.2
"""Share of the names below which they do. Lower than ``NAMES_SHARED``: one name of two may be
spelled in a way that the reader does not match across languages."""
FACTS_ACROSS = 0.6
"""Share of the facts from which the two are one event all the same, and the names misread."""
SAME_NAMES = 0.75
"""Share of the names from which other figures may be those of an hour later."""
SAME_DATES = 0.5
"""The same for dates; two texts without any have it."""
SHORT = 150
"""Words of a bulletin, at most. Of a longer text the wording tells more than its numbers,
which an update may all replace."""
LEAST_MEANING = 0.3
"""The best cosine of any two parts, below which two texts that share hardly a name, a fact or
a phrase are no story. A guard against what no training set foresees: of dev's own reports it
vetoes 2 of 683 true pairs and 232 of 1,168 others, and a model learnt on them (logistic
regression, a day left out) links none of either."""
LEAST_SHARED = 2.0
"""Weight of shared names and facts, likewise: two countries, or a date."""
LEAST_WORDING = 0.15
"""Shingle similarity, likewise."""
_COSINES = (
    "body",
    "title",
    "lead",
    "title_and_lead",
    "short_lead_long_body",
    "short_body_long_lead",
    "opinion",
)
FACTS_SAID = 4.0
"""Weight of numbers and dates from which a text has facts to contradict: two dates, say."""
FACTS_SHARED = 0.4
"""Share of the shorter one's facts below which two bulletins speak of different things."""
NAMES_SAID = 3.0
"""Weight of names from which a text says whom it is about: one long name, say."""
NAMES_SHARED = 0.5
"""Share of the names below which two texts of one template are about different people or
places. Costs no true pair of dev, and 5 of 25,097 made from it."""
ONE_DESCRIPTION = 0.95
"""Cosine of leads from which two short texts say the same below their headlines."""
OTHER_HEADLINES = 0.25
"""Cosine below which two headlines have nothing in common, and a headline nothing with the text
below it. Of 52 pairs of one text on three real days the 14 of one outlet's teaser under headlines
of its own lie below 0.23, those of a report under another headline above 0.3.
"""


@dataclass(frozen=True, slots=True)
class Guards:
    """Where each guard speaks, one flag a pair."""

    too_short: NDArray[np.bool_]
    little_shared: NDArray[np.bool_]
    digest: NDArray[np.bool_]
    other_facts: NDArray[np.bool_]
    other_names: NDArray[np.bool_]
    other_headlines: NDArray[np.bool_]
    boilerplate: NDArray[np.bool_]
    """Silent until ``boilerplate.py`` was asked."""
    opposite: NDArray[np.bool_]
    swapped: NDArray[np.bool_]
    by_text_only: NDArray[np.bool_]
    """No veto: a language is unknown, so only shared wording may join the two."""
    headline_decides: NDArray[np.bool_]
    """No veto: nothing stands below two headlines, or the same, so they must speak for themselves
    (``headlines.py``)."""
    facts_contained: NDArray[np.float32]
    names_contained: NDArray[np.float32]

    @property
    def vetoes(self) -> NDArray[np.bool_]:
        """Pairs that must not be joined."""
        vetoes: NDArray[np.bool_] = (
            self.too_short
            | self.little_shared
            | self.digest
            | self.other_facts
            | self.other_names
            | self.other_headlines
            | self.boilerplate
            | self.opposite
            | self.swapped
        )
        return vetoes

    def said(self, pair: int) -> tuple[str, ...]:
        """The vetoes of one pair in words."""
        shared = f"{100 * self.facts_contained[pair]:.0f} %"
        named = f"{100 * self.names_contained[pair]:.0f} %"
        spoken = (
            (self.too_short[pair], f"too short: fewer than {FEWEST_WORDS} words"),
            (self.little_shared[pair], "little shared: hardly a name, a fact or a phrase"),
            (self.digest[pair], "digest: a round-up of several stories joins none of them"),
            (
                self.other_facts[pair],
                f"other facts: one template, but {shared} of its numbers and dates",
            ),
            (
                self.other_names[pair],
                f"other names: one template, but {named} of its names",
            ),
            (
                self.other_headlines[pair],
                "other headlines: one text below them, or none, and little in common",
            ),
            (
                self.boilerplate[pair],
                "boilerplate: a passage in common, but neither headline is about the other's text",
            ),
            (self.opposite[pair], "opposite: title and lead say that the contrary happened"),
            (self.swapped[pair], "swapped: the titles tell who did it to whom the other way round"),
        )
        return tuple(text for speaks, text in spoken if speaks)


def guards(
    columns: Columns,
    seen: Features,
    first: Indices,
    second: Indices,
    languages: Collection[str] = LANGUAGES,
) -> Guards:
    """All guards over a batch of pairs ``first[p]``, ``second[p]``.

    ``languages``: those whose vectors mean something, by default the bundled encoder's.
    """
    shortest = np.minimum(columns.tokens[first], columns.tokens[second])
    unknown = ~np.isin(columns.langs, list(languages))
    untagged = ~(columns.tagged[first] | columns.tagged[second])
    one_language = columns.langs[first] == columns.langs[second]
    short = np.maximum(columns.tokens[first], columns.tokens[second]) <= SHORT
    one_template = one_language & (seen["template"] >= SAME_TEMPLATE) & short
    one_meaning = ~one_language & (seen["body"] >= SAME_MEANING) & short
    one_frame = ~one_language & (seen["body"] >= SAME_FRAME) & short
    one_description = (seen["lead"] >= ONE_DESCRIPTION) & short & one_language
    titled = columns.titled[first] & columns.titled[second]
    untitled = ~columns.titled[first] & ~columns.titled[second]
    bare = columns.bare[first] & columns.bare[second]
    return Guards(
        too_short=shortest < FEWEST_WORDS,
        little_shared=_little_shared(seen),
        digest=_round_up(seen, columns.items[first], columns.items[second]),
        other_facts=(one_template | one_meaning) & _contradicts(seen) & untagged,
        other_names=_other_names(seen, one_template, one_frame) & untagged,
        other_headlines=one_description & titled & _other_headlines(seen),
        boilerplate=np.zeros(len(first), np.bool_),
        opposite=(seen["both_opposed"] < 0) & untagged,
        swapped=(seen["roles_swapped"] < 0) & untagged,
        by_text_only=unknown[first] | unknown[second],
        headline_decides=one_language & (one_description & (titled | untitled) | titled & bare),
        facts_contained=seen.facts_contained,
        names_contained=seen.names_contained,
    )


def _little_shared(seen: Features) -> NDArray[np.bool_]:
    closest = np.max([seen[name] for name in _COSINES], axis=0)
    strangers: NDArray[np.bool_] = (seen.anchors_shared <= LEAST_SHARED) & (closest < LEAST_MEANING)
    return strangers & (seen["shingles"] < LEAST_WORDING)


def _round_up(seen: Features, items: Floats, other_items: Floats) -> NDArray[np.bool_]:
    """One is a list, the other is not, and it is not for its list alone that they differ."""
    lists: NDArray[np.bool_] = (np.maximum(items, other_items) >= DIGEST_ITEMS) & (
        np.minimum(items, other_items) <= STRAY_ITEMS
    )
    about = np.minimum(seen["title"], seen["body"])
    return lists & ((about < SAME_SUBJECT) | (seen["round_up_apart"] < 0))


def _contradicts(seen: Features) -> NDArray[np.bool_]:
    """Whether one's facts are not the other's, nor those of an hour later.

    A toll grows and votes are counted: same names, same dates, other figures are an update.
    """
    other: NDArray[np.bool_] = (seen.facts_said >= FACTS_SAID) & (
        seen.facts_contained < FACTS_SHARED
    )
    same = (seen.names_contained >= SAME_NAMES) & (seen["dates_contained"] >= SAME_DATES)
    return other & ~((seen["tolls"] > 0) & same)


def _other_names(
    seen: Features, one_template: NDArray[np.bool_], one_frame: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    others: NDArray[np.bool_] = one_template & (seen.names_contained < NAMES_SHARED)
    confirmed = (seen.facts_said >= FACTS_SAID) & (seen.facts_contained >= FACTS_ACROSS)
    across = one_frame & (seen.names_contained < NAMES_ACROSS) & ~confirmed
    return (others | across) & (seen.names_said >= NAMES_SAID)


def _other_headlines(seen: Features) -> NDArray[np.bool_]:
    """Titles that are near neither each other nor what the other's text says first."""
    apart: NDArray[np.bool_] = (seen["title"] < OTHER_HEADLINES) & (
        seen["title_and_lead"] < OTHER_HEADLINES
    )
    return apart
