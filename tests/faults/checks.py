"""What must hold when all is quiet. Each check returns what does not, in words."""

import json
import re
from base64 import b64decode
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, cast

from contracts.consumer import Partition
from contracts.dead_letter import DeadLetter, Reason
from contracts.streams import GROUP
from tests.faults.consumer import Account
from tests.faults.traffic import Expected, Fate, Group
from tests.faults.world import World
from tests.support.wire import harness
from tests.support.wire.consistency import check_hashes

_SHOWN = 5
_LOOKS = 20


@dataclass(frozen=True, slots=True)
class _View:
    """As much of a desk as the checks of hashes look at."""

    redis: Any
    settings: Any
    partition: Partition


def checked(world: World, first_article: int = 0) -> list[str]:
    """All of it; of articles those that came from number ``first_article`` on."""
    found: list[str] = []
    account = world.consumer.account
    for name, wrong in (
        ("consumer", [*world.consumer.earlier, *account.wrong]),
        ("listener", [*world.listener.wrong, *_heard(world)]),
        ("refused by HTTP", world.publisher.refused),
        ("articles", list(_articles(world, account, first_article))),
        ("stories", list(_stories(world, account.partition))),
        ("written as one story", list(_groups(world, account.partition))),
        ("rules", list(_rules(world, account.partition))),
        ("dead letters", list(_letters(world))),
        ("left over", list(_left(world))),
    ):
        found += [f"{name}: {each}" for each in wrong[:_SHOWN]]
        if len(wrong) > _SHOWN:
            found.append(f"{name}: and {len(wrong) - _SHOWN} more")
    return found


def replayed(world: World) -> list[str]:
    """What a consumer finds wrong that reads the stream once more, from its start."""
    account = Account()
    while account.read(world.client, world.settings.streams.stories):
        pass
    live = world.consumer.account
    found = list(account.wrong)
    if missing := live.ids ^ account.ids:
        found.append(f"{len(missing)} events differ from those told live: {sorted(missing)[:3]}")
    if account.partition.incomplete:
        found.append(f"sequences with gaps: {account.partition.incomplete[:_SHOWN]}")
    if len(account.ids) != account.position and not account.wrong:
        found.append(f"{len(account.ids)} events up to position {account.position}")
    if _groups_of(account.partition) != _groups_of(live.partition):
        found.append("it holds other stories than the live consumer")
    return [f"from the start: {each}" for each in found]


def _articles(world: World, account: Account, first: int) -> Iterator[str]:
    """Every accepted article came to its end, once."""
    for (article_id, version), count in account.told.items():
        if count > 1 and article_id not in world.forgotten:
            yield f"{article_id} version {version} was placed {count} times"
    held = {
        each.decode() for each in cast(list[bytes], world.client.hkeys(world.settings.keys.held))
    }
    for article_id, expected in world.traffic.expected.items():
        if article_id in world.forgotten:
            continue
        is_recent = int(article_id.partition(":")[2]) >= first
        if is_recent and (wrong := _wrong(article_id, expected, account, held)):
            yield f"{article_id}: {wrong}; {_known(world, article_id)}"


def _known(world: World, article_id: str) -> str:
    """What a person who looks for the fault needs."""
    record = cast(dict[bytes, bytes], world.client.hgetall(world.settings.keys.article(article_id)))
    fields = {name.decode(): value.decode(errors="replace") for name, value in record.items()}
    held = cast(bytes | None, world.client.hget(world.settings.keys.held, article_id))
    found = harness.missing(world.client, world.settings, [article_id])
    return (
        f"record {fields}, held {held!r}, sent again {world.retried[article_id]} times, "
        f"{world.lost_tails} tails lost, {found.get(article_id, 'placed by an event')}"
    )


def _wrong(article_id: str, expected: Expected, account: Account, held: set[str]) -> str | None:
    place = account.partition._places.get(article_id)
    is_there = place is not None and place.story_id is not None
    if (article_id in held) != (expected.fate is Fate.HELD):
        return f"must be {expected.fate}, held back: {article_id in held}"
    match expected.fate:
        case Fate.PLACED:
            version = account.partition.version(article_id)
            if not is_there or version != expected.version:
                return f"lost: told version {version}, sent version {expected.version}"
        case Fate.HELD:
            if is_there:
                return "told though it is held back"
        case Fate.KILLED:
            if is_there and not _is_closed(place, account.partition):
                return "still told though it was killed"
    return None


def _is_closed(place: Any, partition: Partition) -> bool:
    return partition.resolve(place.story_id) in partition.closed


def _stories(world: World, partition: Partition) -> Iterator[str]:
    """The service holds what consumers hold, and its figures are right."""
    for _ in range(_LOOKS):
        told = _groups_of(partition)
        held = harness.partition_in_redis(world.client, world.settings)
        if told == held:
            break
        # A sweep may have closed stories since, or does just now.
        world.settle()
    else:
        yield (
            f"{len(told - held)} stories only consumers hold, {len(held - told)} only Redis: "
            f"{[sorted(each)[:3] for each in [*(told - held), *(held - told)][:3]]}"
        )
        return
    try:
        check_hashes(cast(Any, _View(world.client, world.settings, partition)))
    except AssertionError as error:
        yield f"a story's hash: {str(error)[:300]}"


def _heard(world: World) -> Iterator[str]:
    """Who listens to server-sent events and resumes holds what a consumer of the stream holds."""
    mine, theirs = world.listener.account, world.consumer.account
    yield from mine.wrong
    for _ in range(_LOOKS):
        if _groups_of(mine.partition) == _groups_of(theirs.partition):
            return
        world.settle()
    yield f"other stories than the consumer's; {len(mine.ids ^ theirs.ids)} events differ"


def _groups_of(partition: Partition) -> set[frozenset[str]]:
    return {frozenset(story.articles) for story in partition.stories.values()}


def _groups(world: World, partition: Partition) -> Iterator[str]:
    """Reprints to which nothing happened are one story."""
    for group in world.traffic.groups.values():
        if group.is_pure and len(homes := _homes(group, partition)) > 1:
            yield f"{group.articles} ended in {len(homes)} stories"


def _homes(group: Group, partition: Partition) -> set[str]:
    places = (partition._places.get(each) for each in group.articles)
    return {
        partition.resolve(place.story_id)
        for place in places
        if place and place.story_id is not None
    }


def _rules(world: World, partition: Partition) -> Iterator[str]:
    home = {each: story.id for story in partition.stories.values() for each in story.articles}
    rules = cast(dict[bytes, bytes], world.client.hgetall(world.settings.keys.rules))
    for rule_id, stored in rules.items():
        said = json.loads(stored)
        one, other = said.get("articles", (None, None))
        if one in home and other in home:
            is_one = home[one] == home[other]
            if is_one != (said["command"] == "together"):
                yield f"{rule_id.decode()}: {said['command']} {one} {other}, one story: {is_one}"


def _letters(world: World) -> Iterator[str]:
    """What is no article is a dead letter for each time that it may have come in."""
    broken, attempts = world.traffic.broken, world.publisher.attempts
    found: Counter[bytes] = Counter()
    vanished = 0
    for _, letter in world.letters():
        if letter.reason is Reason.VANISHED:
            vanished += 1
            continue
        body = _body(letter, broken)
        if body not in broken:
            yield f"{letter.reason}: {letter.article_id or body[:60]!r}, {letter.detail[:100]}"
        elif broken[body] != letter.reason:
            yield f"{letter.reason} in place of {broken[body]}: {body[:60]!r}"
        found[body] += 1
    # Those that were missed have a letter together.
    if vanished > world.trimmed:
        yield f"{vanished} entries vanished, and {world.trimmed} were trimmed"
    if not world.lost_tails and world.missed() > world.trimmed:
        yield f"{world.missed()} entries were missed, and {world.trimmed} were trimmed"
    for body in broken:
        if not 1 <= found[body] <= attempts[body]:
            yield f"{found[body]} letters of {body[:60]!r}, which was sent {attempts[body]} times"


def _body(letter: DeadLetter, broken: Iterable[bytes]) -> bytes:
    if not letter.fields and (size := re.search(r"entry has (\d+) bytes", letter.detail)):
        return next((body for body in broken if len(b"data" + body) == int(size[1])), b"")
    if letter.encoding == "base64":
        return b64decode(letter.fields["ZGF0YQ=="])
    return letter.fields["data"].encode()


def _left(world: World) -> Iterator[str]:
    keys, streams = world.settings.keys, world.settings.streams
    for stream in (streams.articles, streams.commands):
        pending = cast(Any, world.client.xpending(stream, GROUP))["pending"]
        if pending:
            yield f"{pending} entries of {stream} are pending"
    if errors := world.client.hlen(keys.errors):
        yield f"{errors} errors of entries that are gone"
    # An older version knows nothing of tries, so those of what it has done stay.
    if not world.has_older and (tries := world.client.hgetall(keys.tries)):
        yield f"{len(tries)} tries of entries that are gone: {dict(list(tries.items())[:3])}"
