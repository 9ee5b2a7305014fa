"""HTML to text, and its time; formats told from a document; which hosts may be asked."""

import time
from datetime import UTC, datetime
from ipaddress import ip_address

import pytest

from contracts.article import Article
from workers.feeds.addresses import RefusedAddress, allowed, is_public
from workers.feeds.reader import Note, article
from workers.feeds.readers.fields import moment
from workers.feeds.readers.markup import text_of
from workers.feeds.readers.release import asks_to_hold, embargo


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>Two</p>", "One\nTwo"),
        ("One<br/>Two<BR>Three", "One\nTwo\nThree"),
        ("<p>a <b>bold</b>er\n word</p>", "a bolder word"),
        ("<ul><li>1<li>2</ul>", "1\n2"),
        ("a<script>x<y</script>b<style>p{}</style>c", "abc"),
        ("a<script>never ended", "a"),
        ("a<script src='x'/>b", "ab"),
        ("a<!-- b --><c>d</c>", "ad"),
        ("a<!-- never ended", "a"),
        ('<img alt="a > b">c', "c"),
        ("<header>kept</header>", "kept"),
        ("5 < 6 and 7 > 2", "5 < 6 and 7 > 2"),
        ("&lt;b&gt; is a tag", "<b> is a tag"),
        ("<![CDATA[x]]>", "x]]>"),
        ("plain\n\nlines", "plain\nlines"),
        ("<i>no blocks</i>\nlines", "no blocks\nlines"),
        ("", ""),
    ],
)
def test_html_is_read_as_a_reader_sees_it(html: str, text: str) -> None:
    assert text_of(html) == text


@pytest.mark.parametrize(
    "piece", ["<script", "<", "<a '", '<a "', "<!--", "<a b='<", "</", "&", "<![CDATA["]
)
def test_a_megabyte_of_unfinished_markup_takes_a_moment(piece: str) -> None:
    """Quadratic, this takes minutes; linear, a tenth of a second."""
    started = time.perf_counter()
    text_of(piece * (1_000_000 // len(piece)))

    assert time.perf_counter() - started < 20


def test_a_time_without_a_zone_is_utc_wherever_the_machine_stands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TZ", "Asia/Vladivostok")
    time.tzset()
    try:
        assert moment("2026-11-22T10:00:00", "") == datetime(2026, 11, 22, 10, tzinfo=UTC)
        assert moment("2026-11-22", "") == datetime(2026, 11, 22, tzinfo=UTC)
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize(
    ("text", "instructions", "until", "withheld", "says"),
    [
        (None, "", None, False, []),
        (None, "EMBARGO until noon", None, True, ["not there, a note to editors asks to hold"]),
        (None, "On the oil embargo", None, False, []),
        ("2026-11-22T12:00:00+03:00", "", datetime(2026, 11, 22, 9, tzinfo=UTC), False, []),
        ("", "", None, False, ["empty, taken for none"]),
        (" \n ", "Embargo lifted", None, False, ["empty, taken for none"]),
        ("", "EMBARGO until noon", None, True, ["empty, item withheld"]),
        ("noon", "", None, True, ["time 'noon'"]),
        ("noon", "no embargo", None, True, ["item withheld"]),
    ],
)
def test_an_embargo_that_names_no_end_withholds_where_it_is_meant(
    text: str | None, instructions: str, until: datetime | None, withheld: bool, says: list[str]
) -> None:
    notes: list[Note] = []

    assert embargo(text, "line 1", notes, instructions) == (until, withheld)
    assert [
        (each.where, words in each.detail) for each, words in zip(notes, says, strict=True)
    ] == [("line 1", True) for _ in says]


@pytest.mark.parametrize(
    "words",
    ["EMBARGOED UNTIL 10:00 GMT", "Sperrfrist 12.00 Uhr", "Эмбарго до 15:00 мск",
     "Mon note\nHOLD for desk", "ЕМБАРГО до 10:00", "Not for publication before noon",
     "Не публиковать до 12:00", "Ne pas publier avant midi"],
)  # fmt: skip
def test_notes_that_ask_to_hold_are_known(words: str) -> None:
    assert asks_to_hold(words)


@pytest.mark.parametrize(
    "words",
    ["", "Embargo lifted", "EMBARGO: NONE", "no embargo", "Keine Sperrfrist",
     "Sperrfrist aufgehoben", "без эмбарго", "Эмбарго снято", "embargo has been lifted",
     "Updates with household figures", "to hold talks"],
)  # fmt: skip
def test_notes_that_lift_an_embargo_or_speak_of_none_hold_nothing(words: str) -> None:
    assert not asks_to_hold(words)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.1", "224.0.0.1", "255.255.255.255", "240.0.0.1", "192.0.2.1", "198.18.0.1",
        "192.0.0.9", "192.0.0.170", "192.0.0.192", "192.88.99.1", "168.63.129.16", "198.19.255.255",
        "198.51.100.1", "203.0.113.1", "239.255.255.250", "100.100.100.200",
        "fec0::1", "feff::1", "100::1", "5f00::1", "2001:2::1", "2001:20::1", "2001:1::1",
        "3fff::1", "4000::1", "fd00:ec2::254", "fd20:ce::254", "ff0e::1",
        "64:ff9b:1::5db8:d70e", "64:ff9b:2::1", "64:ff9b::a83f:8110", "::ffff:0:5db8:d70e",
        "2002:a83f:8110::1", "2002:c058:6301::", "::ffff:192.0.0.9", "::168.63.129.16",
        "::1", "::", "fe80::1", "fc00::1", "fd12::1", "ff02::1", "2001:db8::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1",
        "2002:7f00:1::", "64:ff9b::7f00:1", "64:ff9b::a00:1",
        "2001:0:4136:e378:8000:63bf:80ff:fffe",  # Teredo of 127.0.0.1
        "2001:0:4136:e378:8000:63bf:a247:28f1",  # and of 93.184.215.14
    ],
)  # fmt: skip
def test_addresses_that_only_this_network_reaches_are_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        "93.184.215.14",
        "2606:4700::1111",
        "::ffff:93.184.215.14",
        "64:ff9b::5db8:d70e",
        "2002:5db8:d70e::1",
        "2a00:1450::1",
        "168.63.129.15",
        "192.0.1.1",
        "192.88.98.255",
        "100.128.0.1",
        "11.0.0.1",
        "172.32.0.1",
        "223.255.255.255",
        "198.20.0.1",
    ],
)
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(ip_address(address))


def test_one_private_address_among_public_ones_refuses_the_host() -> None:
    def resolve(_host: str, _port: int) -> list[str]:
        return ["93.184.215.14", "10.0.0.1"]

    with pytest.raises(RefusedAddress, match=r"'feeds\.example' is at 10\.0\.0\.1"):
        allowed("feeds.example", 80, allow_private=False, resolve=resolve)
    assert len(allowed("feeds.example", 80, allow_private=True, resolve=resolve)) == 2


@pytest.mark.parametrize("host", ["127.1", "2130706433", "0x7f000001", "localhost"])
def test_other_ways_to_write_this_machine_are_refused(host: str) -> None:
    with pytest.raises(RefusedAddress):
        allowed(host, 80, allow_private=False)


@pytest.mark.parametrize(
    ("field", "value", "taken"),
    [
        ("source", "Я" * 2_000, "Я" * 512),
        ("slug", "𐍈" * 2_000, "𐍈" * 768),
        ("lang", "ru" * 40, None),
        ("url", f"https://courier.example/{'x' * 9_000}", None),
        ("source", "Eastern Courier", "Eastern Courier"),
    ],
)
def test_what_is_too_long_about_an_item_costs_itself(
    field: str, value: str, taken: str | None
) -> None:
    found = article({"id": "urn:x:1", "title": "Ferry returns", field: value}, "line 1", b"")

    assert isinstance(found, Article)
    assert getattr(found, field) == taken
