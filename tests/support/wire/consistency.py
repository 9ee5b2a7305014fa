"""What must hold of a namespace at rest, whatever happened in it."""

import itertools
from collections import Counter

from contracts.events import AnyEvent
from tests.support.wire import harness
from tests.support.wire.desk import Desk
from workers.state.story_hash import whole_of


def check(wire: Desk) -> None:
    events = wire.events
    assert wire.stories is not None  # the consumer's partition is the service's
    check_events(events)
    check_hashes(wire)
    check_rules(wire)
    assert harness.pending(wire.redis, wire.settings) == 0


def check_events(events: list[AnyEvent]) -> None:
    assert len({event.id for event in events}) == len(events)
    sequences: dict[str, list[int]] = {}
    for event in events:
        sequences.setdefault(event.data.story_id, []).append(event.data.sequence)
    for story_id, told in sequences.items():
        assert sorted(told) == list(range(1, len(told) + 1)), story_id
    first_told = [each.data for each in events if not getattr(each.data, "redacted", False)]
    positions = [data.position for data in first_told]
    assert positions == sorted(positions)
    assert sorted(each.data.position for each in events) == list(range(1, len(events) + 1))


def check_hashes(wire: Desk) -> None:
    """What is counted is what is there, and consumers were told it."""
    partition, told = wire.partition, wire.partition.stories
    records = _hashes(wire, wire.settings.keys.article(""))
    members: Counter[str] = Counter()
    for story_id, fields in _hashes(wire, wire.settings.keys.story("")).items():
        if b"into" in fields:
            continue
        story = whole_of(story_id, fields)
        assert story.members
        assert story.article_count == len(story.members)
        assert story.languages == tuple(sorted({each.lang for each in story.members.values()}))
        origins = {each.origin for each in story.members.values()}
        assert story.independent_sources == len(origins)
        assert story.lead_number == story.members[story.lead_id].number
        assert told[story.id].lead == story.lead_id
        members.update(list(story.members))
        for member in story.members.values():
            record = records[member.article_id]
            assert int(record[b"n"]) == member.number
            assert int(record[b"v"]) == member.version == partition.version(member.article_id)
            assert partition.resolve(record[b"s"].decode()) == story.id
            assert int(record.get(b"k", -1)) < member.version
            assert b"pn" not in record
    assert set(members.values()) <= {1}


def _hashes(wire: Desk, prefix: str) -> dict[str, dict[bytes, bytes]]:
    """All hashes whose keys begin so, by what is behind that."""
    keys = list(wire.redis.scan_iter(prefix + "*", count=1000))
    pipe = wire.redis.pipeline(transaction=False)
    for key in keys:
        pipe.hgetall(key)
    answers = pipe.execute()
    return {
        key.decode().removeprefix(prefix): fields
        for key, fields in zip(keys, answers, strict=True)
        if fields
    }


def check_rules(wire: Desk) -> None:
    rules = wire.loop.run_until_complete(wire.workers[0].store.rules())
    home = {each: story.id for story in wire.partition.stories.values() for each in story.articles}
    for one, other in itertools.combinations(sorted(home), 2):
        if other in rules.partners(one):
            assert home[one] == home[other], (one, other)
        if other in rules.strangers(one):
            assert home[one] != home[other], (one, other)
    for story in wire.partition.stories.values():
        lead = rules.lead_of(story.articles)
        assert lead is None or lead == story.lead
