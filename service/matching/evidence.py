"""Why an article was placed where it is, in words an editor can check."""

from collections.abc import Iterator
from operator import itemgetter

from contracts.events import Evidence, Model, Relation
from service.fingerprints.anchors import LEAD, WEIGHT
from service.fingerprints.fingerprint import Fingerprint
from service.matching.verify import Verdict, Verifier
from service.text.cues import differing

MOST_SHARED = 12
"""Shared names and facts that evidence lists; the most telling come first."""
MOST_IN_SUMMARY = 4
LONGEST_TITLE = 60
"""Characters of a headline in the summary."""

_RELATIONS = {
    Relation.COPY: "Copy of",
    Relation.REVISION: "Revision of",
    Relation.REWRITE: "Rewrite of",
    Relation.TRANSLATION: "Translation of",
}


def evidence(
    new: Fingerprint,
    earlier: Fingerprint | None,
    verdict: Verdict | None,
    *,
    joined: bool,
    candidates: int,
    verifier: Verifier,
    model: Model,
) -> Evidence:
    """Evidence for ``new`` joining ``earlier``'s story, or for opening one of its own.

    Args:
        new: the article being placed.
        earlier: its match, or the nearest article if it opens a story, or None.
        verdict: of the pair; None together with ``earlier``.
        joined: whether they are in one story now.
        candidates: how many earlier articles were compared.
        verifier: whose thresholds were in force.
        model: the model that made the fingerprints.
    """
    thresholds = {"join": verifier.join_threshold, "merge": verifier.merge_threshold}
    if earlier is None or verdict is None:
        summary = "New story: no earlier article comes near"
        return Evidence(summary=summary, thresholds=thresholds, candidates=candidates, model=model)
    common = shared_anchors(new, earlier)
    return Evidence(
        summary=_summary(earlier, verdict, common, verifier.join_threshold, joined=joined)
        + ("" if joined else _apart(new, earlier)),
        similarity=verdict.similarity,
        shared=common,
        guards=verdict.guards,
        thresholds=thresholds,
        candidates=candidates,
        model=model,
    )


def shared_anchors(new: Fingerprint, earlier: Fingerprint) -> tuple[str, ...]:
    """Names, numbers and dates of both, as each writes them, the ``MOST_SHARED`` most telling.

    An anchor of a title or lead comes before one of a body, a long name before a country.
    """
    surfaces, other_surfaces = new.surfaces, earlier.surfaces
    ranked = sorted(_common(new, earlier), key=itemgetter(0))
    shown: dict[str, None] = {}
    for _, mine, their in ranked:
        if wording := _wording(surfaces[mine], other_surfaces[their]):
            shown[wording] = None
            if len(shown) == MOST_SHARED:
                break
    return tuple(shown)


def _common(new: Fingerprint, earlier: Fingerprint) -> Iterator[tuple[int, int, int]]:
    """Weight below zero of every shared anchor, and its places in both ``surfaces``, where names
    precede numbers.
    """
    kinds = (
        (new.names, new.name_weights, 0, earlier.names, earlier.name_weights, 0),
        (
            new.numbers, new.number_weights, len(new.names),
            earlier.numbers, earlier.number_weights, len(earlier.names),
        ),
    )  # fmt: skip
    for ids, weights, offset, other_ids, other_weights, other_offset in kinds:
        places = {other: place for place, other in enumerate(other_ids.tolist())}
        for mine, anchor in enumerate(ids.tolist()):
            their = places.get(anchor)
            if their is not None:
                weight = _rank(int(weights[mine])) + _rank(int(other_weights[their]))
                yield -weight, offset + mine, other_offset + their


def _rank(weight: int) -> int:
    return (weight & WEIGHT) + (2 if weight & LEAD else 0)


def _wording(mine: str, their: str) -> str:
    if not mine or not their or mine.casefold() == their.casefold():
        return mine or their
    return f"{mine} = {their}"


def _summary(
    earlier: Fingerprint,
    verdict: Verdict,
    common: tuple[str, ...],
    join_threshold: float,
    *,
    joined: bool,
) -> str:
    title = f"“{_shortened(earlier.title) or 'untitled'}”"
    likeness = verdict.similarity
    measured = f"meaning {likeness.meaning:.2f}, text {likeness.text:.2f}"
    if joined:
        facts = ", ".join(common[:MOST_IN_SUMMARY])
        shares = f": shares {facts}" if facts else ""
        return f"{_RELATIONS[verdict.relation]} {title}{shares} ({measured})"
    if verdict.guards:
        return f"New story: kept apart from {title}, {verdict.guards[0]}"
    probability = f"one story with probability {verdict.probability:.2f}"
    if verdict.probability >= join_threshold:
        return f"New story: like {title} ({probability}), but unlike the rest of its story"
    return f"New story: nearest is {title}, {probability} ({measured})"


def _apart(new: Fingerprint, earlier: Fingerprint) -> str:
    """In what the headlines of two that are kept apart differ, if words of the table say it."""
    differ = differing(new.cues, earlier.cues)
    return f"; headlines differ: {', '.join(differ)}" if differ else ""


def _shortened(title: str) -> str:
    if len(title) <= LONGEST_TITLE:
        return title
    return title[: LONGEST_TITLE - 1].rsplit(" ", 1)[0].rstrip(",:;–—- ") + "…"
