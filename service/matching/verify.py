"""Verification: are two articles one story, how surely, and in which relation?

A network weighs the features (``network.py``). Around it stand the cases that no
weighing may decide: exact copies, texts too short to tell, languages the model
does not know, digests, and templated bulletins with other facts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Self, overload

import numpy as np
from numpy.typing import NDArray

from contracts.events import Relation, Similarity
from service.fingerprints.embedding import LANGUAGES
from service.fingerprints.fingerprint import REVISING, Fingerprint
from service.fingerprints.keywords import Vocabulary
from service.matching.boilerplate import is_boilerplate
from service.matching.columns import Columns, Indices
from service.matching.features import Features, features
from service.matching.foreign import Foreign, are_foreign
from service.matching.guards import Guards, guards
from service.matching.headlines import have_little_in_common, share_a_headline
from service.matching.network import VERIFIER_FILE, Network, stored_verifier

BUNDLED_ENCODER = "bundled"
"""Encoder of a verifier that does not name one."""
COPY = 0.999
"""Probability of an exact copy."""
UNLIKELIEST = 0.0001
"""Least probability that a network gives: 0 is a guard's word alone, which nothing outweighs."""
SAME_TEXT = 0.9
"""Shingle similarity from which only headline, byline or footer differ: a copy."""
REFILED = 0.5
"""Shingle similarity from which other numbers make an untagged text a revision."""
NUMBERS_MOVED = 0.9
"""Share of numbers in common below which a refiled text says other numbers."""
STORY = "story"
"""The default operating point: one wire story, in doubt apart."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verification says of a pair."""

    probability: float
    """Calibrated, that both are one story; 0 where a guard vetoes."""
    relation: Relation
    """Of the newer to the earlier, should they be one story."""
    similarity: Similarity
    guards: tuple[str, ...] = ()
    """Guards that vetoed, each with what it saw."""


class Verdicts(Sequence[Verdict]):
    """Verdicts of a batch: probabilities at once, the rest of each when it is asked for.

    Of the hundreds of pairs of a batch a few become evidence; relation, similarities and
    guards in words cost more than the probability.
    """

    def __init__(
        self,
        pairs: Sequence[tuple[Fingerprint, Fingerprint]],
        probabilities: Sequence[float],
        seen: Features | None,
        spoken: Guards | None,
    ) -> None:
        self.probabilities = probabilities
        """Calibrated, that both are one story; 0 where a guard vetoes."""
        self._pairs = pairs
        self._seen = seen
        self._spoken = spoken

    def __len__(self) -> int:
        return len(self.probabilities)

    @overload
    def __getitem__(self, pair: int) -> Verdict: ...
    @overload
    def __getitem__(self, pair: slice) -> list[Verdict]: ...
    def __getitem__(self, pair: int | slice) -> Verdict | list[Verdict]:
        if isinstance(pair, slice):
            return [self[index] for index in range(*pair.indices(len(self)))]
        if self._seen is None or self._spoken is None or not -len(self) <= pair < len(self):
            raise IndexError(f"verdict {pair} of {len(self)}")
        newer, earlier = self._pairs[pair]
        probability = self.probabilities[pair]
        similarity = _similarity(self._seen, pair)
        moved = bool(self._seen.facts_contained[pair] < NUMBERS_MOVED)
        return Verdict(
            probability=probability,
            relation=relation(newer, earlier, similarity, moved),
            similarity=similarity,
            guards=self._spoken.said(pair) if probability == 0 else (),
        )


class Verifier:
    """Judges pairs in batches; holds the trained network and the thresholds."""

    def __init__(
        self,
        network: Network,
        join_threshold: float,
        merge_threshold: float,
        vocabulary: Vocabulary,
        encoder: str = BUNDLED_ENCODER,
        languages: frozenset[str] = LANGUAGES,
        foreign: Foreign | None = None,
    ) -> None:
        self.join_threshold = join_threshold
        """Least probability with which an article joins a story."""
        self.merge_threshold = merge_threshold
        """Least probability with which an article proves two stories to be one."""
        self.encoder = encoder
        """Version of the encoder whose cosines it was trained on, or ``BUNDLED_ENCODER``."""
        self.languages = languages
        """Of the encoder in use; articles in any other are judged by wording alone."""
        self._network = network
        self._foreign = foreign
        self._vocabulary = vocabulary

    @classmethod
    def load(
        cls,
        file: Path | None = None,
        point: str = STORY,
        languages: frozenset[str] = LANGUAGES,
        *,
        with_opinion: bool = False,
    ) -> Self:
        """With the weights of ``file``, by default bundled ones; a few milliseconds.

        Args:
            file: as ``service/training/verifier.py`` writes it.
            point: operating point, the name of a pair of thresholds in the file.
            languages: of the encoder in use.
            with_opinion: which of the bundled ones: for fingerprints with a second opinion.

        Raises:
            OSError: the file can't be read.
            ValueError: it is no verifier, was trained on other features, or has no such point.
        """
        try:
            stored = stored_verifier(file, with_opinion=with_opinion)
            points = {STORY: stored["thresholds"], **stored.get("operating_points", {})}
            if point not in points:
                raise ValueError(f"operating point {point!r}, expected one of {sorted(points)}")
            thresholds = points[point]
            return cls(
                Network.of(stored),
                thresholds["join"],
                thresholds["merge"],
                Vocabulary.load(),
                stored.get("encoder", BUNDLED_ENCODER),
                languages,
                Foreign.of(stored),
            )
        except (KeyError, TypeError) as error:
            raise ValueError(f"{file or VERIFIER_FILE} is no verifier: {error}") from error

    def verdicts(self, pairs: Sequence[tuple[Fingerprint, Fingerprint]]) -> Verdicts:
        """One verdict a pair (newer, earlier), in order."""
        if not pairs:
            return Verdicts((), [], None, None)
        every = list(chain.from_iterable(pairs))
        keys = list(map(id, every))
        distinct = dict(zip(keys, every, strict=True))
        place = dict(zip(distinct, range(len(distinct)), strict=True))
        places = np.fromiter(map(place.__getitem__, keys), np.intp, len(keys))
        first, second = places[::2].copy(), places[1::2].copy()
        columns = Columns.of(list(distinct.values()), self._vocabulary)
        seen = features(columns, first, second)
        spoken = spoken_of(columns, seen, pairs, (first, second), self.languages)
        return Verdicts(
            pairs, self._probabilities(columns, seen, spoken, first, second), seen, spoken
        )

    def _probabilities(
        self, columns: Columns, seen: Features, spoken: Guards, first: Indices, second: Indices
    ) -> list[float]:
        probabilities = np.maximum(self._network.probabilities(seen.values), UNLIKELIEST)
        if self._foreign is not None:
            strange = are_foreign(columns, first, second)
            probabilities[strange] = self._foreign.probabilities(seen.values[strange])
        probabilities = np.where(spoken.by_text_only, _by_text(seen), probabilities)
        probabilities = ruled(probabilities, columns, spoken, first, second)
        rounded: list[float] = np.round(probabilities, 4).tolist()
        return rounded


SHORTEST_COPY = 3
"""Words; ``Live`` twice is no story, ``Putin arrives in Hanoi`` twice is."""


def spoken_of(
    columns: Columns,
    seen: Features,
    pairs: Sequence[tuple[Fingerprint, Fingerprint]],
    places: tuple[Indices, Indices],
    languages: frozenset[str] = LANGUAGES,
) -> Guards:
    """What all guards say, a passage in common and headlines that must speak for themselves heard;
    ``places`` are those of the pairs in ``columns``.
    """
    spoken = guards(columns, seen, *places, languages)
    spoken.boilerplate[:] = is_boilerplate(columns, seen, *places, spoken.by_text_only)
    # By words as well: encoders that were trained on less see no likeness in headlines.
    for pair in np.flatnonzero(spoken.boilerplate).tolist():
        spoken.boilerplate[pair] = not share_a_headline(*pairs[pair])
    for pair in np.flatnonzero(spoken.headline_decides).tolist():
        spoken.other_headlines[pair] |= have_little_in_common(*pairs[pair])
    return spoken


def ruled(
    probabilities: NDArray[np.float64],
    columns: Columns,
    spoken: Guards,
    first: Indices,
    second: Indices,
) -> NDArray[np.float64]:
    """Guards and the rule for exact copies over a network's probabilities, shape (pairs,)."""
    after = np.where(spoken.vetoes, 0, probabilities)
    long_enough = columns.tokens[first] >= SHORTEST_COPY
    after[(columns.digests[first] == columns.digests[second]) & long_enough] = COPY
    # Equal bodies may stand under headlines that say other things.
    after[spoken.other_facts | spoken.other_headlines | spoken.boilerplate] = 0
    return after


def _by_text(seen: Features) -> NDArray[np.float64]:
    """Probability from shared wording alone: a half where every third shingle is shared."""
    evidence = np.maximum(seen["shingles"], 0.8 * seen["shingle_containment"]).astype(np.float64)
    probabilities: NDArray[np.float64] = 1 / (1 + np.exp(-20 * (evidence - 0.35)))
    return probabilities


def _similarity(seen: Features, pair: int) -> Similarity:
    parts = (seen["shingles"], seen.facts, seen["body"], seen.headline)
    text, facts, meaning, headline = (
        round(min(1.0, max(0.0, float(part[pair]))), 4) for part in parts
    )
    return Similarity(text=text, facts=facts, meaning=meaning, headline=headline)


def relation(
    newer: Fingerprint, earlier: Fingerprint, likeness: Similarity, numbers_moved: bool = False
) -> Relation:
    """How ``newer`` stands to ``earlier``, given that both are one story."""
    if newer.lang != earlier.lang and likeness.text < REFILED:
        return Relation.TRANSLATION
    if newer.tag in REVISING or earlier.tag in REVISING:
        return Relation.REVISION
    if newer.digest == earlier.digest:
        return Relation.COPY
    if numbers_moved and likeness.text >= REFILED:
        return Relation.REVISION
    return Relation.COPY if likeness.text >= SAME_TEXT else Relation.REWRITE
