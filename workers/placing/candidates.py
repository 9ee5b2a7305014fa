"""Candidates of a batch: LSH bucket mates and nearest neighbours, united and verified."""

from collections.abc import Collection, Sequence
from itertools import chain

from service.fingerprints.fingerprint import Fingerprint
from service.matching.verify import Verifier
from service.stories.state import Candidate
from workers.metrics.meter import NO_METER, Meter
from workers.settings import Settings
from workers.state.answers import Registered
from workers.window.window import Window

ABROAD = 4
"""One place in so many is for articles in other languages than the one that asks."""


def candidates(
    queries: Sequence[tuple[Fingerprint, Registered]],
    window: Window,
    verifier: Verifier,
    settings: Settings,
    meter: Meter = NO_METER,
) -> list[tuple[Candidate, ...]]:
    """For each registered article its candidates with their verdicts, best first.

    All pairs of a batch are verified in one call.
    """
    with meter.stage("candidates"):
        near = _nearest_earlier(queries, window, settings)
        mates = window.mates(
            [fingerprint for fingerprint, _ in queries], [each.number for _, each in queries]
        )
        numbers = [
            _chosen(*query, nearest, sharing, window, settings)
            for query, nearest, sharing in zip(queries, near, mates, strict=True)
        ]
    with meter.stage("verify"):
        return _judged(queries, numbers, window, verifier)


def _judged(
    queries: Sequence[tuple[Fingerprint, Registered]],
    numbers: Sequence[Sequence[int]],
    window: Window,
    verifier: Verifier,
) -> list[tuple[Candidate, ...]]:
    # One view an article, however many ask for it: verification goes by identity.
    views = {number: window[number] for number in {*chain.from_iterable(numbers)}}
    pairs = [
        (fingerprint, views[number])
        for (fingerprint, _), found in zip(queries, numbers, strict=True)
        for number in found
    ]
    verdicts = verifier.verdicts(pairs)
    united, row = [], 0
    for found in numbers:
        rows = range(row, row + len(found))
        row += len(found)
        judged = [
            Candidate(number, views[number].article_id, verdicts.probabilities[at], verdicts, at)
            for number, at in zip(found, rows, strict=True)
        ]
        united.append(tuple(sorted(judged, key=_best_first)))
    return united


def _nearest_earlier(
    queries: Sequence[tuple[Fingerprint, Registered]], window: Window, settings: Settings
) -> list[list[int]]:
    """For each query the numbers of the nearest articles that it may be compared with.

    The window also holds the rest of the batch, and what has expired and was not swept yet. Where
    they take the places of others it is asked for more: else what an article is compared with would
    hang on how the stream was cut into batches, and on the clock.
    """
    found: list[list[int]] = [[] for _ in queries]
    asking, count = list(range(len(queries))), 2 * settings.neighbours
    while asking:
        near = window.nearest([queries[place][0] for place in asking], count)
        again = []
        for place, cosines in zip(asking, near, strict=True):
            fingerprint, registered = queries[place]
            ranked = _ranked(registered, cosines, window, settings)
            abroad = set(window.abroad(cosines, fingerprint))
            found[place] = _with_places_abroad(ranked, settings.neighbours, abroad)
            if not _is_sure(cosines, ranked, abroad, settings, count):
                again.append(place)
        asking, count = again, 4 * count
    return found


def _is_sure(
    cosines: dict[int, float],
    ranked: Sequence[int],
    abroad: Collection[int],
    settings: Settings,
    count: int,
) -> bool:
    """Whether no neighbour that was left out, of ``count`` at home or half as many abroad, can be
    one of those chosen.

    One that was left out is no nearer than the last on its side: as near as the last one chosen it
    may have to go before it.
    """
    most, share = settings.neighbours, settings.neighbours // ABROAD
    bound = cosines[ranked[most - 1]] if len(ranked) >= most else -1.0
    theirs = [number for number in ranked if number in abroad]
    if len(theirs) < share:
        bound_abroad = -1.0
    else:
        bound_abroad = min(bound, cosines[theirs[share - 1]]) if share else bound
    sides = ((cosines.keys() - abroad, count, bound), (abroad, count // 2, bound_abroad))
    return all(
        len(side) < told
        or min([cosines[number] for number in side]) < max(least, settings.least_cosine)
        for side, told, least in sides
    )


def _with_places_abroad(ranked: Sequence[int], most: int, abroad: Collection[int]) -> list[int]:
    """The first of some candidates, with a fourth of the places for those abroad, if there are any:
    else forty look-alikes in one language hide the translation.
    """
    chosen, later = list(ranked[:most]), ranked[most:]
    missing = most // ABROAD - sum(number in abroad for number in chosen)
    if missing <= 0 or not later:
        return chosen
    added = [number for number in later if number in abroad][:missing]
    at_home = [number for number in chosen if number not in abroad]
    gone = at_home[len(at_home) - len(added) :]
    return [number for number in chosen if number not in gone] + added


def _ranked(
    registered: Registered, cosines: dict[int, float], window: Window, settings: Settings
) -> list[int]:
    """Neighbours that may be compared, the nearest first, of equally near ones the newest."""
    near = [number for number, cosine in cosines.items() if cosine >= settings.least_cosine]
    eligible = window.within(near, registered.number, registered.event_ms, settings.window_ms)
    return sorted(eligible, key=lambda number: (-cosines[number], -number))


def _best_first(candidate: Candidate) -> tuple[float, int]:
    return -candidate.probability, candidate.number


def _chosen(
    fingerprint: Fingerprint,
    registered: Registered,
    near: Sequence[int],
    sharing: Sequence[int],
    window: Window,
    settings: Settings,
) -> list[int]:
    """Numbers of the articles worth verifying: the nearest, and the most often in a bucket."""
    mates = window.within(sharing, registered.number, registered.event_ms, settings.window_ms)
    abroad = window.abroad(mates, fingerprint)
    mates = _with_places_abroad(mates, settings.bucket_mates, abroad)
    return list(dict.fromkeys([*near, *mates]))
