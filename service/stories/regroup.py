"""How one partition becomes another: which members leave their stories, which stories are one.

Two namespaces hold the same articles in different stories. To turn the one partition into
the other, every story lets go of the members that are elsewhere there, and then the fragments
that are one story there merge. Both are told as any split or merger, so a consumer of the first
namespace ends with the second one's partition and with ids that it knows.

Articles that the other partition does not hold say nothing: they stay where they are, or go with
those that an editor's rule keeps them together with.
"""

from collections.abc import Collection, Iterable, Mapping

from service.stories.rules import Rules
from service.stories.state import Member, StoryState


def leaving(
    story: StoryState, homes: Mapping[str, str], rules: Rules
) -> list[tuple[str, list[Member]]]:
    """The groups that leave a story: for each its story there, and its members, oldest first.

    The group with the lead stays; if nothing is known of the lead, the oldest one.

    Args:
        story: with its members.
        homes: article id → the story that it is in there.
        rules: editors' rules in force.
    """
    members = sorted((story.members or {}).values(), key=lambda each: (each.first, each.article_id))
    here = {each.article_id for each in members}
    groups: dict[str, list[Member]] = {}
    stays = None
    for member in members:
        home = _home(member.article_id, here, homes, rules)
        if home is None:
            continue
        groups.setdefault(home, []).append(member)
        if member.article_id == story.lead_id:
            stays = home
    stays = stays or next(iter(groups), None)
    return [(home, group) for home, group in groups.items() if home != stays]


def becoming_one(
    stories: Iterable[StoryState],
    homes: Mapping[str, str],
    youngest: Collection[str],
    rules: Rules,
) -> dict[str, list[StoryState]]:
    """Stories that merge, by their story there: the oldest first, which the others merge into.

    Of two that a rule keeps apart, the younger stays for itself.

    Args:
        stories: with their members, each of one story there.
        homes: article id → the story that it is in there.
        youngest: ids of stories that have just been opened, whatever their articles' age.
        rules: editors' rules in force.
    """
    fragments: dict[str, list[StoryState]] = {}
    for story in stories:
        for home in {homes[each] for each in story.members or {} if each in homes}:
            fragments.setdefault(home, []).append(story)
    merging: dict[str, list[StoryState]] = {}
    for home, found in fragments.items():
        found.sort(key=lambda story: (story.id in youngest, story.born, story.id))
        one = found[:1]
        ruled = set(one[0].ruled)
        for story in found[1:]:
            if rules.between(ruled, story.ruled) is None:
                one.append(story)
                ruled |= set(story.ruled)
        if len(one) > 1:
            merging[home] = one
    return merging


def _home(
    article_id: str, here: Collection[str], homes: Mapping[str, str], rules: Rules
) -> str | None:
    """Where an article is there; None if it goes with nobody."""
    if article_id in homes:
        return homes[article_id]
    partners = (each for each in rules.component(article_id) if each in here and each in homes)
    return next((homes[each] for each in partners), None)
