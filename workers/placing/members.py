"""What members of stories say beside the candidates: leads, oldest members, and across two stories.

Only members that may count are asked: registered before the article and within the window of
event time, held for as long as that is so. Who else is still in memory hangs on the last sweep and
on other workers, so it must not have a word.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from service.fingerprints.batches import shingles_of
from service.fingerprints.minhash import jaccard
from service.matching.guards import SAME_FRAME
from service.matching.verify import REFILED, SAME_TEXT
from service.stories.decide import STRANGERS, Vote, is_bridged
from service.stories.sources import STEMS_FROM, outlet
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


def copies_among(
    grounds: Grounds, numbers: Iterable[int], least: float = SAME_TEXT
) -> dict[int, int]:
    """Those of some articles that are copies of an earlier one of them → that one's number.

    By the shingles of title and body: an equal body alone may be a description that an outlet puts
    under all its headlines. ``least``: the share of shingles from which one is a copy.
    """
    held = [number for number in sorted(set(numbers)) if number in grounds.window]
    if len(held) < 2:
        return {}
    rows = shingles_of([grounds.window[number] for number in held])
    # Summed as bytes: the mean of so many booleans takes six times as long.
    agreeing = (rows[:, None, :] == rows[None, :, :]).view(np.uint8).sum(axis=2, dtype=np.uint8)
    alike = agreeing >= least * rows.shape[1]
    firsts = alike.argmax(axis=1).tolist()
    return {
        number: held[first]
        for place, (number, first) in enumerate(zip(held, firsts, strict=True))
        if first != place
    }


def bridged(grounds: Grounds, item: Prepared, votes: Mapping[str, Sequence[Vote]]) -> set[str]:
    """The stories that one text alone ties to an article, and what stems from that text."""
    found = set()
    for story_id, said in votes.items():
        near = [vote.number for vote in said if vote.probability >= STRANGERS]
        if 0 < len(near) < len(said):
            heard = _without_look_alikes(grounds, item, said)
            if is_bridged(heard, copies_among(grounds, near, STEMS_FROM)):
                found.add(story_id)
    return found


def _without_look_alikes(grounds: Grounds, item: Prepared, votes: Sequence[Vote]) -> list[Vote]:
    """The votes without those of members that tell the same of another day, person or place: they
    are no strangers, and may be in the story by mistake. Nor has a word who is no longer held.
    """
    far = [vote for vote in votes if vote.probability < STRANGERS and vote.number in grounds.window]
    verdicts = grounds.verifier.verdicts(
        [(item.fingerprint, grounds.window[vote.number]) for vote in far]
    )
    strangers = [
        vote
        for vote, verdict in zip(far, verdicts, strict=True)
        if verdict.similarity.meaning < SAME_FRAME
    ]
    return [vote for vote in votes if vote.probability >= STRANGERS] + strangers


def across(
    grounds: Grounds, item: Prepared, matches: Sequence[Match], one: StoryState, other: StoryState
) -> list[Candidate]:
    """The verdicts between two stories' leads and the members that came nearest to an article.

    Each names the earlier article of its pair. The article's own echoes may deny that the two are
    one, but not say so: sent twice, two texts in one would be their own second witness.
    """
    sides = [_spokesmen(grounds, item, matches, each) for each in (one, other)]
    echoes = {number for side in sides for number in side if _is_echo(grounds, item, number)}
    mine, theirs = sides
    pairs = [(max(pair), min(pair)) for pair in ((a, b) for a in mine for b in theirs)]
    pairs = [pair for pair in pairs if _are_near(grounds, *pair)]
    window = grounds.window
    verdicts = grounds.verifier.verdicts([(window[newer], window[older]) for newer, older in pairs])
    found = [
        Candidate(older, window.article_id(older), verdicts.probabilities[at], verdicts, at)
        for at, (_, older) in enumerate(pairs)
    ]
    heard = [
        said
        for pair, said in zip(pairs, found, strict=True)
        if said.probability < grounds.thresholds.join or not echoes.intersection(pair)
    ]
    return heard or found


def _spokesmen(
    grounds: Grounds, item: Prepared, matches: Sequence[Match], story: StoryState
) -> list[int]:
    """Numbers of a story's lead, of the member that came nearest to an article, and of the nearest
    that is no echo of it.
    """
    near = sorted(
        (each.candidate for each in matches if each.story_id == story.id),
        key=lambda each: (-each.probability, each.number),
    )
    lead = [story.lead_number] if story.lead_id != item.article.id else []
    numbers = eligible(grounds, item, [each.number for each in near])
    other = [number for number in numbers if not _is_echo(grounds, item, number)]
    return list(dict.fromkeys([*eligible(grounds, item, lead), *numbers[:1], *other[:1]]))


def _is_echo(grounds: Grounds, item: Prepared, number: int) -> bool:
    """Whether a member is the article's own outlet's, or much the same text."""
    member, article = grounds.window[number], item.fingerprint
    of_outlet = outlet(member.source)
    if of_outlet and of_outlet == outlet(article.source):
        return True
    return bool(jaccard(member.shingle_rows, article.shingle_rows) >= REFILED)


def _are_near(grounds: Grounds, newer: int, older: int) -> bool:
    window = grounds.window
    event_ms, window_ms = window.event_ms(newer), grounds.settings.window_ms
    return bool(window.within([older], newer, event_ms, window_ms))
