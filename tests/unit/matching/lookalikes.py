"""Pairs of texts as guards see them: figures, without any text."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from service.matching.columns import Columns
from service.matching.features import NAMES, Features
from service.matching.guards import Guards, guards

SAID_BY_NAME = (
    "opinion", "template", "tolls", "round_up_apart", "both_opposed", "roles_swapped",
)  # fmt: skip
"""Figures of a pair that are features under their own names."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two ordinary reports of one event in one language, in which no guard finds fault."""

    words: tuple[int, int] = (100, 100)
    langs: tuple[str, str] = ("en", "en")
    items: tuple[int, int] = (0, 0)
    tagged: tuple[bool, bool] = (False, False)
    titled: tuple[bool, bool] = (True, True)
    bare: tuple[bool, bool] = (False, False)
    title: float | None = None
    """If not ``meaning``."""
    lead: float | None = None
    title_and_lead: float | None = None
    meaning: float = 0.9
    """Each cosine but the bodies' and the second opinion's."""
    body: float = 0.9
    wording: float = 0.5
    opinion: float = 0.0
    template: float = 0.0
    dates: float = 0.5
    tolls: float = 0.0
    round_up_apart: float = 0.0
    both_opposed: float = 0.0
    roles_swapped: float = 0.0
    anchors_shared: float = 20.0
    facts_said: float = 10.0
    facts_contained: float = 1.0
    names_said: float = 10.0
    names_contained: float = 1.0

    def but(self, **changes: Any) -> "Pair":
        """The same but for some figures."""
        return replace(self, **changes)


def guarded(*pairs: Pair) -> Guards:
    """What the guards say of these pairs, looked at in one batch."""
    return guards(
        _columns(pairs),
        _features(pairs),
        np.arange(0, 2 * len(pairs), 2),
        np.arange(1, 2 * len(pairs), 2),
    )


def _columns(pairs: tuple[Pair, ...]) -> Columns:
    count = 2 * len(pairs)
    none: Any = None  # guards look at features of anchors and keywords alone
    flat = np.zeros((count, 2), np.float32)
    rows = np.zeros((count, 2), np.uint8)
    return Columns(
        heads=flat,
        bodies=flat,
        opinions=flat,
        words=none,
        word_weights=none,
        word_vectors=none,
        body_lengths=np.ones(count, np.float32),
        shingle_rows=rows,
        template_rows=rows,
        names=none,
        quantities=none,
        dates=none,
        tokens=np.array([each for pair in pairs for each in pair.words], np.float32),
        items=np.array([each for pair in pairs for each in pair.items], np.float32),
        tagged=np.array([each for pair in pairs for each in pair.tagged]),
        titled=np.array([each for pair in pairs for each in pair.titled]),
        bare=np.array([each for pair in pairs for each in pair.bare]),
        langs=np.array([each for pair in pairs for each in pair.langs]),
        digests=np.arange(count, dtype=np.uint64),
        cues=np.zeros(count, np.uint64),
        hours=np.zeros(count, np.float32),
    )


def _features(pairs: tuple[Pair, ...]) -> Features:
    values = np.zeros((len(pairs), len(NAMES)), np.float32)
    for row, pair in zip(values, pairs, strict=True):
        named = dict.fromkeys(NAMES[:6], pair.meaning)
        named |= {"body": pair.body, "shingles": pair.wording, "dates_contained": pair.dates}
        named |= {name: getattr(pair, name) for name in SAID_BY_NAME}
        for name in ("title", "lead", "title_and_lead"):
            said = getattr(pair, name)
            named[name] = pair.meaning if said is None else said
        for name, value in named.items():
            row[NAMES.index(name)] = value

    def column(name: str) -> Any:
        return np.array([getattr(pair, name) for pair in pairs], np.float32)

    return Features(
        values=values,
        headline=column("meaning"),
        facts=column("meaning"),
        anchors_shared=column("anchors_shared"),
        facts_contained=column("facts_contained"),
        facts_said=column("facts_said"),
        names_contained=column("names_contained"),
        names_said=column("names_said"),
    )
