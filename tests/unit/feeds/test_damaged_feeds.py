"""Random damage within one item of a feed leaves the others, and kills, as they were."""

import random

import pytest

from tests.support.feeds.samples import articles, read
from workers.feeds.content import content_digest

TOMBSTONE = '<at:deleted-entry ref="gone&amp;1" when="2026-11-22T09:00:00Z"/>\n'
ATOM, AT = "http://www.w3.org/2005/Atom", "http://purl.org/atompub/tombstones/1.0"
RSS = (
    f'<rss version="2.0" xmlns:at="{AT}"><channel><title>C</title><link>https://c.example/</link>',
    """<item><guid isPermaLink="false">c:{0}&amp;2</guid><title>AT&amp;T {0} &lt;b&gt;up</title>
<link>https://c.example/?id={0}&amp;x=2</link><description><![CDATA[<p>One {0} &mdash; two.</p>]]>
</description><category>c</category><enclosure url="https://c.example/{0}.mp3" length="1"/></item>
""",
    "</channel></rss>",
)
FEED = (
    f'<feed xmlns="{ATOM}" xmlns:at="{AT}"><title>T</title><link href="https://t.example/"/>',
    """<entry xml:lang="ru"><id>e&amp;{0}</id><title type="html">Заголовок {0} &amp;lt;i</title>
<link rel="alternate" href="n/{0}?a=1&amp;b=2"/><updated>2026-11-22T10:0{0}:00Z</updated>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Текст {0}.</p></div></content>
</entry>
""",
    "</feed>",
)
PIECES = [
    *(
        "<",
        ">",
        "&",
        '"',
        "'",
        "</",
        "<![CDATA[",
        "]]>",
        "<!--",
        "-->",
        "<b>",
        "</p>",
        "\0",
        "&#0;",
    ),
    *("<?", "<br/>", "<div>", "</item>", "<title>", "<x:y>", "=", ""),
]
MUTANTS = 500


def digests(kind: str, document: str) -> dict[str, str]:
    return {each.id: content_digest(each) for each in articles(read(kind, document.encode()))}


def damaged(rand: random.Random, item: str) -> str:
    for _ in range(rand.choice([1, 1, 1, 2])):
        at, length = rand.randrange(len(item)), rand.choice([0, 0, 1, 1, 3, 20])
        item = item[:at] + rand.choice(PIECES) + item[at + length :]
    return item


@pytest.mark.parametrize(("kind", "parts"), [("rss", RSS), ("atom", FEED)])
def test_one_in_a_thousand_at_most_is_lost_beside_a_damaged_item(
    kind: str, parts: tuple[str, str, str]
) -> None:
    """What is lost at all stands behind ``<?`` or a mark like it, up to the next ``>``."""
    head, item, end = parts
    items = [*map(item.format, (1, 2)), TOMBSTONE, *map(item.format, (3, 4))]
    whole = digests(kind, head + "".join(items) + end)
    names = list(whole)[:2] + list(whole)[-1:] + list(whole)[2:-1]  # kills come last
    lost = []

    for seed in range(MUTANTS):
        rand = random.Random(seed)
        hit = rand.choice([0, 1, 3, 4])
        mutant = [*items[:hit], damaged(rand, items[hit]), *items[hit + 1 :]]
        found = digests(kind, head + "".join(mutant) + end)
        others = [name for place, name in enumerate(names) if place != hit]
        lost += [(seed, name) for name in others if found.get(name) != whole[name]]

    assert len(names) == 5
    assert len(lost) <= MUTANTS * 4 / 1_000, lost
