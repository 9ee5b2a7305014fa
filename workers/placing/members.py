"""What members of stories say beside the candidates: leads, oldest members, and across two stories.

Only members that may count are asked: registered before the article and within the window of
event time, held for as long as that is so. Who else is still in memory hangs on the last sweep and
on other workers, so it must not have a word.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from service.matching.verify import SAME_TEXT
from service.stories.decide import Vote
from service.stories.state import Candidate, Match, StoryState
from workers.placing.context import Grounds, Prepared


def eligible(grounds: Grounds, item: Prepared, numbers: Iterable[int]) -> list[int]:
    """Those of some articles that an article may be compared with."""
    event_ms, window_ms = item.registered.event_ms, grounds.settings.window_ms
    return grounds.window.within(numbers, item.number, event_ms, window_ms)


def further_votes(
    grounds: Grounds, item: Prepared, asked: Mapping[str, Sequence[int]]
) -> dict[str, list[Vote]]:
    """By story, the verdicts on members by their numbers; of those already compared none."""
    compared = {candidate.number for candidate in item.candidates}
    places = [
        (story_id, number)
        for story_id, numbers in asked.items()
        for number in eligible(grounds, item, numbers)
        if number not in compared
    ]
    verdicts = grounds.verifier.verdicts(
        [(item.fingerprint, grounds.window[number]) for _, number in places]
    )
    found: dict[str, list[Vote]] = defaultdict(list)
    for (story_id, number), probability in zip(places, verdicts.probabilities, strict=True):
        found[story_id].append(Vote(number, probability))
    return dict(found)


def copies_among(grounds: Grounds, numbers: Iterable[int]) -> dict[int, int]:
    """Those of some articles that are copies of an earlier one of them → that one's number.

    By the shingles of title and body: an equal body alone may be a description that an outlet puts
    under all its headlines.
    """
    held = [number for number in sorted(set(numbers)) if number in grounds.window]
    if len(held) < 2:
        return {}
    rows = np.stack([grounds.window[number].shingle_rows for number in held])
    alike = (rows[:, None, :] == rows[None, :, :]).mean(axis=2) >= SAME_TEXT
    firsts = alike.argmax(axis=1).tolist()
    return {
        number: held[first]
        for place, (number, first) in enumerate(zip(held, firsts, strict=True))
        if first != place
    }


def across(
    grounds: Grounds, item: Prepared, matches: Sequence[Match], one: StoryState, other: StoryState
) -> list[Candidate]:
    """The verdicts between two stories' leads and the members that came nearest to an article.

    Each names the earlier article of its pair.
    """
    sides = (_spokesmen(grounds, item, matches, each) for each in (one, other))
    mine, theirs = (dict.fromkeys(each) for each in sides)
    pairs = [(max(pair), min(pair)) for pair in ((a, b) for a in mine for b in theirs)]
    pairs = [pair for pair in pairs if _are_near(grounds, *pair)]
    window = grounds.window
    verdicts = grounds.verifier.verdicts([(window[newer], window[older]) for newer, older in pairs])
    return [
        Candidate(older, window.article_id(older), verdicts.probabilities[at], verdicts, at)
        for at, (_, older) in enumerate(pairs)
    ]


def _spokesmen(
    grounds: Grounds, item: Prepared, matches: Sequence[Match], story: StoryState
) -> list[int]:
    near = min(
        (each.candidate for each in matches if each.story_id == story.id),
        key=lambda each: (-each.probability, each.number),
        default=None,
    )
    numbers = [story.lead_number] if story.lead_id != item.article.id else []
    if near is not None:
        numbers.append(near.number)
    return eligible(grounds, item, numbers)


def _are_near(grounds: Grounds, newer: int, older: int) -> bool:
    window = grounds.window
    event_ms, window_ms = window.event_ms(newer), grounds.settings.window_ms
    return bool(window.within([older], newer, event_ms, window_ms))
