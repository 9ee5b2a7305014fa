"""Which stories of two namespaces differ, which articles moved, and why.

Only articles that both namespaces hold are compared. Draw a line from each story of the first to
each of the second that it shares an article with: what hangs together is a group. A group of one
story on each side is the same story; others are split, merged or mixed. In each group every story
of the first is paired with the one of the second that holds most of its articles, largest
first; an article outside its pair has moved. Why is told by the accounts of the articles that moved
and of those that link: what moved may have been there first, and joined nothing itself.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from math import fsum

from contracts.consumer import Story
from service.evaluation.scores import BCubed
from workers.shadow.diff_result import Compared, Diff, Group, Kind, Side
from workers.shadow.history import History, Operating

Places = tuple[Mapping[str, str], Mapping[str, str]]
"""For each namespace article id → story id."""


def diff(names: tuple[str, str], first: History, second: History) -> Diff:
    """What is different in the second namespace."""
    stories = (first.partition.stories, second.partition.stories)
    places = (_places(stories[0]), _places(stories[1]))
    common = [article_id for article_id in places[0] if article_id in places[1]]
    befores, afters = (_members(common, side) for side in places)
    groups, same, same_ids = [], 0, 0
    for ones, others in _hanging_together(common, *places):
        if len(ones) == len(others) == 1:
            same += 1
            same_ids += ones == others
            continue
        moved = _moves(ones, befores, places[1])
        linking = [
            each
            for one in ones
            for each in befores[one]
            if each not in moved and _links(each, first, second, places)
        ]
        groups.append(
            Group(
                _kind(ones, others),
                tuple(_side(first, stories[0][each], befores[each]) for each in ones),
                tuple(_side(second, stories[1][each], afters[each]) for each in others),
                tuple(_compared(each, first, second, places) for each in moved),
                tuple(_compared(each, first, second, places) for each in linking),
            )
        )
    groups.sort(key=lambda group: -len(group.moved))
    return Diff(
        names=names,
        operating=(_most_used(first), _most_used(second)),
        common=len(common),
        only=(len(places[0]) - len(common), len(places[1]) - len(common)),
        same=same,
        same_ids=same_ids,
        bcubed=_bcubed(common, befores, afters, places),
        groups=tuple(groups),
    )


def _places(stories: Mapping[str, Story]) -> dict[str, str]:
    return {article_id: story.id for story in stories.values() for article_id in story.articles}


def _members(common: Iterable[str], places: Mapping[str, str]) -> dict[str, list[str]]:
    members: dict[str, list[str]] = defaultdict(list)
    for article_id in common:
        members[places[article_id]].append(article_id)
    return members


def _hanging_together(
    common: Sequence[str], before: Mapping[str, str], after: Mapping[str, str]
) -> list[tuple[list[str], list[str]]]:
    """Stories of the first and of the second namespace, group by group."""
    links: dict[tuple[int, str], dict[tuple[int, str], None]] = defaultdict(dict)
    for article_id in common:
        one, other = (0, before[article_id]), (1, after[article_id])
        links[one][other] = links[other][one] = None
    groups, seen = [], set[tuple[int, str]]()
    for start in links:
        if start in seen:
            continue
        seen.add(start)
        reached = [start]
        for node in reached:  # grows while it is walked
            fresh = [each for each in links[node] if each not in seen]
            seen.update(fresh)
            reached += fresh
        groups.append(
            ([name for side, name in reached if side == 0], [name for s, name in reached if s])
        )
    return groups


def _moves(
    ones: Sequence[str], befores: Mapping[str, Sequence[str]], after: Mapping[str, str]
) -> dict[str, None]:
    """Articles that moved, in order."""
    shared = Counter((one, after[each]) for one in ones for each in befores[one])
    # Of equal overlaps the one that kept its id, then the first.
    ranked = sorted(shared, key=lambda pair: (-shared[pair], pair[0] != pair[1]))
    pairs: dict[str, str] = {}
    taken: set[str] = set()
    for one, other in ranked:
        if one not in pairs and other not in taken:
            pairs[one] = other
            taken.add(other)
    return dict.fromkeys(
        each for one in ones for each in befores[one] if after[each] != pairs.get(one)
    )


def _links(article_id: str, first: History, second: History, places: Places) -> bool:
    """Whether it matched an article that is in its story in one namespace alone."""
    for history, here, there in ((first, *places), (second, *places[::-1])):
        account = history.accounts.get(article_id)
        match = account.matched_article_id if account and account.relation else None
        if match is None or match not in here or match not in there:
            continue
        if here[match] == here[article_id] and there[match] != there[article_id]:
            return True
    return False


def _compared(article_id: str, first: History, second: History, places: Places) -> Compared:
    told_before, told_after = first.accounts.get(article_id), second.accounts.get(article_id)
    told = told_before or told_after
    return Compared(
        article_id,
        told.title if told else "",
        told.lang if told else "und",
        places[0][article_id],
        places[1][article_id],
        told_before,
        told_after,
    )


def _side(history: History, story: Story, articles: Sequence[str]) -> Side:
    told = history.accounts.get(story.lead) or history.accounts.get(articles[0])
    return Side(story.id, told.title if told else "", tuple(articles))


def _kind(ones: Sequence[str], others: Sequence[str]) -> Kind:
    if len(ones) == 1:
        return Kind.SPLIT
    return Kind.MERGED if len(others) == 1 else Kind.MIXED


def _bcubed(
    common: Sequence[str],
    befores: Mapping[str, Sequence[str]],
    afters: Mapping[str, Sequence[str]],
    places: Places,
) -> BCubed:
    """Bagga and Baldwin (1998), with the first partition as gold."""
    if not common:
        return BCubed(1.0, 1.0)
    cells = Counter((places[0][each], places[1][each]) for each in common)
    # Each of a cell's n articles has n of its story in common.
    precise = fsum(count * count / len(afters[after]) for (_, after), count in cells.items())
    complete = fsum(count * count / len(befores[before]) for (before, _), count in cells.items())
    return BCubed(precise / len(common), complete / len(common))


def _most_used(history: History) -> tuple[Operating, ...]:
    return tuple(operating for operating, _ in history.operating.most_common())
