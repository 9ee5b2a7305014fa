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
from service.matching.columns import Columns, Indices
from service.matching.features import Features

FEWEST_WORDS = 3
"""Of a text that may join anything."""
DIGEST_ITEMS = 4
"""List items from which a text may be a round-up of several stories, if the other text
has at most ``STRAY_ITEMS``: the translation of an article with a list has the list too."""
STRAY_ITEMS = 1
SAME_TEMPLATE = 0.5
"""Similarity with names and numbers masked, from which two texts fill one template."""
SAME_MEANING = 0.75
"""Cosine from which two short texts in different languages may fill one template."""
SHORT = 150
"""Words of a bulletin, at most. Of a longer text the wording tells more than its numbers,
which an update may all replace."""
LEAST_MEANING = 0.45
"""The best cosine of any two parts, below which two texts that share hardly a name, a fact or
a phrase are no story: the network, which saw few headlines without a body, is too sure there.
Costs no true pair of dev, and takes half of the links among headlines of strangers."""
LEAST_SHARED = 3.0
"""Weight of shared names and facts, likewise: a country and a short name, or a date."""
LEAST_WORDING = 0.15
"""Shingle similarity, likewise."""
_COSINES = (
    "body",
    "title",
    "lead",
    "title_and_lead",
    "short_lead_long_body",
    "short_body_long_lead",
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
    longest = np.maximum(columns.tokens[first], columns.tokens[second])
    shortest = np.minimum(columns.tokens[first], columns.tokens[second])
    unknown = ~np.isin(columns.langs, list(languages))
    tagged = columns.tagged[first] | columns.tagged[second]
    one_language = columns.langs[first] == columns.langs[second]
    one_template = one_language & (seen["template"] >= SAME_TEMPLATE) & (longest <= SHORT)
    one_meaning = ~one_language & (seen["body"] >= SAME_MEANING) & (longest <= SHORT)
    bulletin = one_template | one_meaning
    contradicts = (seen.facts_said >= FACTS_SAID) & (seen.facts_contained < FACTS_SHARED)
    cosines = [seen[name] for name in _COSINES]
    one_description = (seen["lead"] >= ONE_DESCRIPTION) & (longest <= SHORT) & one_language
    titled = columns.titled[first] & columns.titled[second]
    bare = columns.bare[first] & columns.bare[second]
    items = np.column_stack([columns.items[first], columns.items[second]])
    return Guards(
        too_short=shortest < FEWEST_WORDS,
        little_shared=(seen.anchors_shared <= LEAST_SHARED)
        & (np.max(cosines, axis=0) < LEAST_MEANING)
        & (seen["shingles"] < LEAST_WORDING),
        digest=(items.max(axis=1) >= DIGEST_ITEMS) & (items.min(axis=1) <= STRAY_ITEMS),
        other_facts=bulletin & contradicts & ~tagged,
        other_names=one_template
        & (seen.names_said >= NAMES_SAID)
        & (seen.names_contained < NAMES_SHARED)
        & ~tagged,
        other_headlines=one_description
        & titled
        & (seen["title"] < OTHER_HEADLINES)
        & (seen["title_and_lead"] < OTHER_HEADLINES),
        by_text_only=unknown[first] | unknown[second],
        headline_decides=titled & one_language & (one_description | bare),
        facts_contained=seen.facts_contained,
        names_contained=seen.names_contained,
    )
