"""Times as feeds write them, and what can't be a time."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.article import Article
from workers.feeds.reader import BadField, Note
from workers.feeds.readers.fields import moment, moment_or_note
from workers.feeds.readers.times import moment_of

AT_1405 = datetime(2026, 11, 26, 14, 5, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 26, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-26T14:05:00Z",
        "2026-11-26T14:05Z",
        "2026-11-26 14:05:00",
        "2026-11-26t14:05:00.000z",
        "2026-11-26T14:05:00,0000000Z",
        "2026-11-26T17:05:00+03:00",
        "2026-11-26T17:05:00 +0300",
        "2026-11-26T17:05:00+03",
        "2026-11-26T09:05:00−05:00",  # a minus sign
        "2026-11-26T19:50:00+05:45",  # Nepal
        "2026-11-26T17:05+03:00[Europe/Moscow]",
        "20261126T140500Z",
        "20261126T170500+0300",
        "20261126T1405Z",
        "20261126140500",
        "202611261405",
        "2026/11/26 14:05",
        "\n 2026-11-26\u00a014:05 \t",
    ],
)
def test_iso_8601_is_read_extended_and_basic(text: str) -> None:
    assert moment_of(text) == AT_1405


@pytest.mark.parametrize(
    "text",
    [
        "Thu, 26 Nov 2026 14:05:00 +0000",
        "Thu, 26 Nov 2026 14:05:00 GMT",
        "Thu, 26 Nov 2026 14:05:00",
        "26 Nov 26 14:05 UT",
        "Thursday, 26-Nov-26 14:05:00 GMT",
        "Thu, 26 Nov 2026 17:05:00 +0300 (MSK)",
        "Thu, 26 Nov 2026 17:05:00 +0300 MSK",
        "Thu,26 Nov 2026 17:05:00+0300",
        "Thu Nov 26 14:05:00 2026",
        "Thu Nov 26 17:05:00 MSK 2026",
        "Thu Nov 26 14:05:00 +0000 2026",
        "Thu Nov 26 2026 17:05:00 GMT+0300 (Moscow Standard Time)",
        "Nov 26, 2026 2:05 PM",
        "November 26, 2026 at 9:05 a.m. EST",
    ],
)
def test_rfc_822_and_what_stands_in_its_place_is_read(text: str) -> None:
    assert moment_of(text) == AT_1405


@pytest.mark.parametrize(
    ("clock", "zone"),
    [
        ("17:05", "MSK"),  # 14:05 + 3
        ("18:05", "MSD"),  # + 4
        ("15:05", "CET"),
        ("16:05", "CEST"),
        ("16:05", "MESZ"),
        ("16:05", "EET"),
        ("17:05", "EEST"),
        ("15:05", "BST"),  # British
        ("19:35", "IST"),  # Indian: + 5:30
        ("09:05", "EST"),  # - 5
        ("10:05", "EDT"),
        ("08:05", "CST"),  # American by RFC 822
        ("07:05", "PDT"),
        ("23:05", "JST"),
        ("17:05", "UTC+3"),
        ("17:05", "UTC +3"),
        ("17:05", "GMT+0300"),
        ("17:05", "GMT+03:00"),
        ("09:05", "GMT-5"),
        ("17:05", "+03"),
        ("17:05", "+3"),
        ("17:05", "MSK+0"),
        ("19:05", "MSK+2"),  # Yekaterinburg: 14:05 + 3 + 2
        ("16:05", "МСК-1"),  # Kaliningrad
        ("17:05", "MSK+0300"),
        ("17:05", "мск"),
        ("17:05", "(мск)"),
    ],
)
@pytest.mark.parametrize("day", ["Thu, 26 Nov 2026", "2026-11-26", "26 ноября 2026,"])
def test_zones_are_read_as_feeds_name_them(day: str, clock: str, zone: str) -> None:
    assert moment_of(f"{day} {clock}:00 {zone}") == AT_1405


@pytest.mark.parametrize(
    "text",
    [
        "26 ноября 2026, 14:05",
        "26 ноя 2026 14:05",
        "26 ноября 2026 г. в 14:05",
        "14:05, 26 ноября 2026",
        "14:05 26.11.2026",
        "Чт, 26 нояб. 2026 17:05:00 +0300",
        "26 листопада 2026 року, 14:05",
        "26.11.2026 14:05",
        "26.11.26 14:05",
        "26. November 2026, 14:05 Uhr",
        "Do., 26. Nov. 2026 15:05 MEZ",
        "jeudi 26 novembre 2026 14:05",
        "26th November 2026 14:05",
        "11/26/2026 14:05",  # no month is the 26th
    ],
)
def test_dates_in_words_are_read_in_the_languages_of_feeds(text: str) -> None:
    assert moment_of(text) == AT_1405


@pytest.mark.parametrize(
    "text", ["2026-11-26", "20261126", "2026-11-26Z", "26.11.2026", "Thu, 26 Nov 2026", "26-Nov-26"]
)
def test_a_day_is_its_midnight(text: str) -> None:
    assert moment_of(text) == MIDNIGHT


def test_a_day_with_a_zone_is_midnight_there() -> None:
    assert moment_of("2026-11-26+03:00") == datetime(2026, 11, 25, 21, tzinfo=UTC)


MONTHS = """
January February March April May June July August September October November December
января февраля марта апреля мая июня июля августа сентября октября ноября декабря
январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь
січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня
студзеня лютага сакавіка красавіка мая чэрвеня ліпеня жніўня верасня кастрычніка лістапада снежня
януари февруари март април май юни юли август септември октомври ноември декември
Januar Februar März April Mai Juni Juli August September Oktober November Dezember
janvier février mars avril mai juin juillet août septembre octobre novembre décembre
enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre
janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro
stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia
"""


@pytest.mark.parametrize("months", MONTHS.strip().split("\n"))
def test_every_month_is_known_in_the_languages_of_feeds(months: str) -> None:
    read = [moment_of(f"9 {month} 2026") for month in months.split()]

    assert read == [datetime(2026, month, 9, tzinfo=UTC) for month in range(1, 13)]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1795701900", 1_795_701_900),
        ("1795701900.25", 1_795_701_900.25),
        ("1795701900250", 1_795_701_900.25),
        ("1795701900250000", 1_795_701_900.25),
        ("100000000", 100_000_000),  # 1973
    ],
)
def test_numbers_count_from_1970_by_their_length(text: str, seconds: float) -> None:
    read = moment_of(text)

    assert read is not None
    assert read.timestamp() == seconds


def test_the_ends_of_a_day_and_of_a_minute_are_read() -> None:
    assert moment_of("2026-11-25T24:00:00Z") == MIDNIGHT
    assert moment_of("2016-12-31T23:59:60Z") == datetime(2017, 1, 1, tzinfo=UTC)
    assert moment_of("Nov 26, 2026 12:00 AM") == MIDNIGHT
    assert moment_of("Nov 26, 2026 12:05 PM") == datetime(2026, 11, 26, 12, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "0000-00-00 00:00:00",  # MySQL's "none"
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "1799-12-31",
        "2200-01-01",
        "1800-01-01T00:00:00+14:00",  # 1799 in UTC
        "9999999999",  # the year 2286
        "0",
        "-1",
        "2026",
        "2026-11",
        "2026-02-30",
        "30 февраля 2026",
        "2026-11-26T24:00:01Z",
        "2026-11-26T25:00:00Z",
        "2026-11-26T14:60:00Z",
        "2026-11-26T14:05:61Z",
        "2026-11-26T14:05:00+15:00",
        "2026-11-26T14:05:00+03:60",
        "Nov 26, 2026 13:05 PM",
        "11/06/2026",  # June or November
        "06-11-2026",
        "Thu, 26 Nov 2026 14:05:00 XYZ",
        "Thu, 26 Nov 2026 14:05:00 AST",  # Atlantic or Arabian
        "26 Nov",
        "26 11 2026",
        "14:05",
        "сегодня, 14:05",
        "yesterday",
        "soon",
        "v2-rc1",
        "2.0.1.7",
        "٢٠٢٦-١١-٢٦",
        "2026-11-26T14:05:00Z" + "0" * 100,
        "1" * 5_000,
        "",
        " ",
    ],
)
def test_what_is_no_time_or_two_is_none(text: str) -> None:
    assert moment_of(text) is None


def test_a_time_that_is_none_costs_a_note_and_is_refused_where_there_must_be_one() -> None:
    notes: list[Note] = []

    assert moment_or_note("0000-00-00 00:00:00", "$.firstcreated", notes) is None
    assert moment_or_note("26 Nov 2026 14:05", "$.firstcreated", notes) == AT_1405
    assert moment_or_note(" ", "$.firstcreated", notes) is None
    assert [note.where for note in notes] == ["$.firstcreated"]
    assert "'0000-00-00 00:00:00'" in notes[0].detail
    with pytest.raises(BadField, match="'soon'"):
        moment("soon", "$.embargoed")


@given(
    st.text("0123456789-+:./, TZapmNovMSKмсканоября()[]", max_size=40)
    | st.from_regex(r"\d{1,4}[-./ ]\d{1,2}[-./ ]\d{1,4}[T ]\d\d:\d\d(:\d\d)?.{0,8}")
)
def test_whatever_is_read_an_article_takes(text: str) -> None:
    read = moment_of(text)

    assert Article(id="a", title="Мост", published_at=read, embargoed=read).published_at == read
