"""The poller's file: read, or refused with what is wrong."""

from pathlib import Path

import pytest

from workers.errors import OnestoryError
from workers.feeds.feed_list import Feed, feeds_in
from workers.feeds.fetch import origin_of


def test_a_list_of_feeds_is_read(tmp_path: Path) -> None:
    file = tmp_path / "feeds.toml"
    file.write_text(
        '[[feed]]\nurl = "https://a.example/rss"\n'
        '[[feed]]\nurl = "https://b.example/x"\nformat = "ninjs"\ninterval_s = 60\nlang = "ru"\n'
    )

    assert feeds_in(file) == [
        Feed(url="https://a.example/rss", format="auto", interval_s=300),
        Feed(url="https://b.example/x", format="ninjs", interval_s=60, lang="ru"),
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "feed: Field required"),
        ("feed = []", "at least 1"),
        ("[[feed]", "no TOML"),
        ('[[feed]]\nurl = "file:///etc/passwd"', "url"),
        ('[[feed]]\nurl = "http://a/"\nformat = "docx"', "expected auto or one of jsonl"),
        ('[[feed]]\nurl = "http://a/"\ninterval_s = 0', "interval_s"),
        ('[[feed]]\nurl = "http://a/"\nintervall = 9', "intervall"),
        ('[[feed]]\nurl = "http://a/"\n[[feed]]\nurl = "http://a/"', "twice"),
    ],
)
def test_a_list_of_feeds_with_a_mistake_says_which(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "feeds.toml"
    file.write_text(text)

    with pytest.raises(OnestoryError, match=says):
        feeds_in(file)


def test_a_secret_may_stand_in_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "feeds.toml"
    file.write_text('[[feed]]\nurl = "https://me:${WIRE_PASS}@a.example/rss?key=${WIRE_KEY}&n=5"\n')
    monkeypatch.setenv("WIRE_PASS", "a/b@c#d")
    with pytest.raises(OnestoryError, match=r"\$\{WIRE_KEY\} in a feed's address"):
        feeds_in(file)
    monkeypatch.setenv("WIRE_KEY", "7f&3a=ё")

    (feed,) = feeds_in(file)

    assert feed.address == "https://me:a%2Fb%40c%23d@a.example/rss?key=7f%263a%3D%D1%91&n=5"
    monkeypatch.setenv("WIRE_KEY", "another")
    (again,) = feeds_in(file)
    assert origin_of(again.url) == origin_of(feed.url)
    assert origin_of(feed.url).startswith("https://a.example/rss?key=*&n=*#")
