"""Candidates of a batch: LSH bucket mates and nearest neighbours, united and verified."""

from collections import Counter
from collections.abc import Sequence
from itertools import chain

import numpy as np

from service.fingerprints.fingerprint import Fingerprint
from service.matching.verify import Verifier
from service.stories.state import Candidate
from workers.metrics.meter import NO_METER, Meter
from workers.placing.window import Window
from workers.settings import Settings
from workers.state.answers import Registered


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
        numbers = [
            _chosen(registered, nearest, window, settings)
            for (_, registered), nearest in zip(queries, near, strict=True)
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
            Candidate(number, window.article_id(number), verdicts.probabilities[at], verdicts, at)
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
            ranked = _ranked(queries[place][1], cosines, window, settings)
            found[place] = ranked[: settings.neighbours]
            last = min(cosines.values(), default=0.0)
            # One that was left out is no nearer than the last: as near as the last one chosen
            # it may have to go before it.
            is_sure = len(ranked) >= settings.neighbours and last < cosines[found[place][-1]]
            is_all = len(cosines) < count or last < settings.least_cosine
            if not is_sure and not is_all:
                again.append(place)
        asking, count = again, 4 * count
    return found


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
    registered: Registered, near: Sequence[int], window: Window, settings: Settings
) -> list[int]:
    """Numbers of the articles worth verifying: the nearest, and the most often in a bucket."""
    shared = Counter(np.frombuffer(registered.bucket_mates, dtype=">u4").tolist())
    mates = window.within(
        [number for number, _ in shared.most_common()],
        registered.number,
        registered.event_ms,
        settings.window_ms,
    )
    return list(dict.fromkeys([*near, *mates[: settings.bucket_mates]]))
