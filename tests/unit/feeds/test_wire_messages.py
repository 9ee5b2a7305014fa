"""IPTC 7901 and ANPA 1312: messages between control characters."""

from datetime import UTC, datetime

import pytest

from tests.support.feeds.samples import articles, bad_items, notes, places, read, said, sample
from workers.feeds.formats import as_document, detected
from workers.feeds.reader import LONGEST_FRAGMENT
from workers.feeds.readers.wire_messages import tags

HEADER = "\x01hpe017 4 i 92  hpost 031\r\n\r\nHarbour/\r\n"
TIME = "251412 GMT Nov 26"


def telegram(body: str, header: str = HEADER, time: str = TIME) -> bytes:
    return f"{header}\x02{body}\r\n\x03{time}\r\n\x7f\r\n\x7f\x04".encode()


def bulletin(
    body: str, keyword: str = "BC-EU--Ferry", time: str = "HP-WF-11-26-26 1412GMT"
) -> bytes:
    first = f"\x16\x16\x01W0417\x1f_baltic\r\nr i\x13\x11 {keyword}     11-26 0092\r\n"
    return f"{first}\x02{body}\r\n\t   \x03{time}<\r\n\x0c\r\n\x04".encode()


def test_a_telegram_is_read_whole() -> None:
    (article,) = read("iptc7901", sample("text.iptc7901.txt"))

    assert said(article) == {  # type: ignore[arg-type]
        "id": "iptc7901:hpe017:20261125T1412",
        "title": "Ferry Vikla returns to Lindholm after a year in dock",
        "text": "Lindholm (hpost) - The car ferry Vikla came back to its route between Lindholm "
        "and Sund on Wednesday, a year after a fire in its engine room.\n"
        '"She is as good as new," said harbour master Ove Brandt. The repair cost 4.2 million '
        "crowns.",
        "source": "hpost",
        "published_at": datetime(2026, 11, 25, 14, 12, tzinfo=UTC),
        "signals": ("update",),
        "slug": "Harbour/ferries/weather",
    }


def test_a_bulletin_is_read_whole() -> None:
    (article,) = read("anpa1312", sample("text.anpa1312.txt"))

    assert said(article) == {  # type: ignore[arg-type]
        "id": "anpa1312:W0417:20261126T1412",
        "title": "Ferry Vikla back on its route after a fire",
        "text": "LINDHOLM (HP) – The car ferry Vikla came back to its route between Lindholm and "
        "Sund on Wednesday, a year after a fire in its engine room.\n"
        "“She is as good as new,” said harbour master Ove Brandt.\n"
        "The repair cost 4.2 million crowns.",
        "source": "HP",
        "published_at": datetime(2026, 11, 26, 14, 12, tzinfo=UTC),
        "slug": "EU--Ferry Returns",
    }


@pytest.mark.parametrize(
    ("name", "signals", "status"),
    [
        ("correction.iptc7901.txt", ("correction",), "usable"),
        ("kill.iptc7901.txt", ("kill", "urgent"), "usable"),
        ("hold.iptc7901.txt", ("hold",), "withheld"),
        ("writethru.anpa1312.txt", ("update",), "usable"),
        ("kill.anpa1312.txt", ("kill", "urgent"), "usable"),
        ("table.anpa1312.txt", ("urgent",), "usable"),
    ],
)
def test_keywords_and_lines_over_the_headline_say_what_becomes_of_an_item(
    name: str, signals: tuple[str, ...], status: str
) -> None:
    (article,) = articles(read(name.split(".")[1], sample(name)))

    assert (article.signals, article.status) == (signals, status)
    assert article.title
    assert not any(word in article.title for word in ("KILL", "Berichtigung", "Sperrfrist"))


def test_an_advance_is_embargoed_until_its_day() -> None:
    (article,) = articles(read("anpa1312", sample("advance.anpa1312.txt")))

    assert article.embargoed == datetime(2026, 11, 29, tzinfo=UTC)
    assert article.title == "The last keeper of Sund leaves his lamp"


def test_an_advance_without_a_time_of_its_own_is_withheld() -> None:
    (article,) = articles(read("anpa1312", bulletin("^BC-EU--Lamp, Adv29<\r\n^Lamp<", time="")))

    assert (article.embargoed, article.status) == (None, "withheld")


def test_a_broken_message_costs_no_other() -> None:
    telegrams = read("iptc7901", sample("messages.iptc7901.txt"))
    bulletins = read("anpa1312", sample("messages.anpa1312.txt"))

    assert [each.title for each in articles(telegrams)] == [
        "Паром «Викла» вернулся в Линдхольм",
        "Порт Линдхольма закрыт из-за тумана",
    ]
    assert places(telegrams) == ["line 12, message[2]"]
    assert [each.text[:30] for each in articles(bulletins)] == [
        "LINDHOLM (HP) – The harbour of",
        "SUND (HP) – A pilot was hurt o",
    ]
    assert places(bulletins) == ["line 8, message[2]"]


def test_half_a_message_is_not_published() -> None:
    (item,) = read("iptc7901", sample("cut.iptc7901.txt"))

    assert bad_items([item])[0].detail.startswith("the message breaks off")


@pytest.mark.parametrize("name", ["text.iptc7901.txt", "text.anpa1312.txt"])
def test_a_message_cut_behind_its_text_is_told_and_known_by_its_text(name: str) -> None:
    document = sample(name).partition(b"\x03")[0] + b"\x03"

    found, again = (read(name.split(".")[1], each) for each in (document, document + b"\r\n"))

    (article,) = articles(found)
    assert article.published_at is None
    assert [each.id for each in articles(again)] == [article.id]
    assert len(notes(found)) == 1


def test_a_number_that_comes_again_on_another_day_is_another_item() -> None:
    first, again, other = (
        articles(read("iptc7901", telegram("Ferry =\r\n\r\nText.", time=time)))[0].id
        for time in (TIME, TIME, "261412 GMT Nov 26")
    )

    assert first == again != other


@pytest.mark.parametrize(
    ("body", "title", "text"),
    [
        ("Fog closes port =\r\n\r\nShips wait.", "Fog closes port", "Ships wait."),
        ("Fog closes port\r\n\r\nShips wait.", "Fog closes port", "Ships wait."),
        ("(Eil \x07\x07\x07)\r\nFog closes\r\nport =\r\nText.", "Fog closes port", "Text."),
        ("By air and by sea =\r\nBy land.", "By air and by sea", "By land."),
        ("Fog\r\nVon Eva Mayr, dpa =\r\nText.", "Fog", "Text."),
        ("2 + 2 = 4, says council\r\n\r\nText.", "2 + 2 = 4, says council", "Text."),
        ("Fog =\r\nText\r\nof one line.\r\n\r\nMore.", "Fog", "Text of one line.\nMore."),
        ("Fog =\r\nText.\r\n\r\n# Notizblock\r\n\r\n## Orte\r\n- Hafen", "Fog", "Text."),
        ("Fog =\r\nText.\r\n\r\n* * * *\r\nThe desk: 12", "Fog", "Text."),
        ("Kill Devil Hills opens beach =\r\nText.", "Kill Devil Hills opens beach", "Text."),
    ],
)
def test_headline_and_text_of_a_telegram(body: str, title: str, text: str) -> None:
    (article,) = articles(read("iptc7901", telegram(body)))

    assert (article.title, article.text, article.signals) == (
        title,
        text,
        ("urgent",) if "Eil" in body else (),
    )


def test_words_that_stand_alone_are_tags_and_words_of_a_headline_are_not() -> None:
    assert tags("KILL") == tags("MANDATORY KILL") == ["kill"]
    assert tags("АННУЛИРОВАТЬ") == ["kill"]
    assert tags("ANNULE ET REMPLACE") == ["correction"]
    assert tags("(KORR-Bericht)") == ["correction"]
    assert tags("2nd Ld-Writethru") == tags("1ST LEAD") == ["update"]
    assert tags("Lead pipes poison town") == tags("Hold the line, says Brandt") == []


def test_the_two_are_told_apart_and_from_what_has_no_header() -> None:
    documents = [telegram("A =\r\nB."), bulletin("^A<\r\n^B<")]

    assert [detected(as_document(each, "wire")).name for each in documents] == [
        "iptc7901",
        "anpa1312",
    ]
    for format_name in ("iptc7901", "anpa1312"):
        (letter,) = bad_items(read(format_name, b"Plain words.\nMore of them."))
        assert letter.where == "line 1, message[1]"
        assert "header 'Plain words.'" in letter.detail
        (letter,) = bad_items(read(format_name, b"\x16\x16\r\n"))
        assert letter.detail.startswith("no message, expected SOH (01)")


@pytest.mark.parametrize(
    "piece", ["\x01", "\x02", "\x03", "^", "(", "\n", "=\n", "a ", "\t", "\x01a1 1 a\n"]
)
@pytest.mark.parametrize("format_name", ["iptc7901", "anpa1312"])
def test_half_a_megabyte_of_one_thing_is_bounded(format_name: str, piece: str) -> None:
    start = telegram("A =").partition(b"\x03")[0]

    for item in bad_items(read(format_name, start + (piece * (500_000 // len(piece))).encode())):
        assert len(item.fragment) <= LONGEST_FRAGMENT


@pytest.mark.parametrize(
    ("line", "title", "signals"),
    [
        ("KILL: Ferry returns", "Ferry returns", ("kill",)),
        (
            "CORRECTION: Ferry returns\r\nafter a year",
            "Ferry returns after a year",
            ("correction",),
        ),
        ("ПОПРАВКА: Паром вернулся", "Паром вернулся", ("correction",)),
        ("CORRECTION: in the 3rd paragraph\r\nFerry returns", "Ferry returns", ("correction",)),
        ("KILL KILL KILL\r\nFerry returns", "Ferry returns", ("kill",)),
        ("ATTENTION EDITORS - KILL\r\nFerry returns", "Ferry returns", ("kill",)),
        ("Eds: Please kill this story\r\nFerry returns", "Ferry returns", ("kill",)),
        ("ЭМБАРГО ДО 10:00\r\nПаром вернулся", "Паром вернулся", ("hold",)),
        ("Kill Bill returns", "Kill Bill returns", ()),
    ],
)
def test_a_headline_behind_its_tag_is_kept(line: str, title: str, signals: tuple[str]) -> None:
    (article,) = articles(read("iptc7901", telegram(f"{line} =\r\nText.")))

    assert (article.title, article.signals) == (title, signals)


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("^KILL: Ferry returns", "Ferry returns"),
        ("^KILL: Ferry returns<\r\n^By ANNA SMITH", "Ferry returns"),
        ("^Eds: Kill this story<\r\n^Ferry returns", "Ferry returns"),
        ("^EDS: KILL: has a wrong name", ""),
    ],
)
def test_a_bulletin_is_killed_by_headline_or_note(line: str, title: str) -> None:
    body = f"^BC-EU--Ferry,92<\r\n{line}<\r\n\tText."
    (article,) = articles(read("anpa1312", bulletin(body)))

    assert (article.title, article.signals) == (title, ("kill",))


@pytest.mark.parametrize(
    ("keywords", "signals"),
    [
        ("Harbour, 1st Lead", ("update",)),
        ("HARBOUR-KILL", ("kill",)),
        ("KILL Harbour", ("kill",)),
        ("Road kill", ()),
    ],
)
def test_a_keyword_says_it_beside_another_word(keywords: str, signals: tuple[str, ...]) -> None:
    body = telegram("Ferry =\r\nText.", HEADER.replace("Harbour", keywords))
    (article,) = articles(read("iptc7901", body))

    assert article.signals == signals


def test_what_a_bulletin_is_about_does_not_kill_it() -> None:
    (article,) = articles(read("anpa1312", bulletin("^BC-US--Road Kill<\r\n^Deer<\r\n\tText.")))

    assert article.signals == ()


@pytest.mark.parametrize("line_end", ["\r\r\n", "\r", "\n"])
def test_any_line_end_ends_a_line(line_end: str) -> None:
    for format_name, document in (
        ("iptc7901", telegram("Ferry =\r\nOne\r\nline.\r\n\r\n   Two.")),
        ("anpa1312", bulletin("^BC-EU--Ferry<\r\n^Ferry<\r\n\tOne\r\nline.\r\n\tTwo.\r\n")),
    ):
        (article,) = articles(read(format_name, document.replace(b"\r\n", line_end.encode())))

        assert (article.title, article.text) == ("Ferry", "One line.\nTwo.")


@pytest.mark.parametrize(
    "time", ["251412Z NOV 26", "251412 GMT November 2026", "251512 CET Nov. 26"]
)
def test_a_time_is_read_as_agencies_write_it(time: str) -> None:
    (article,) = articles(read("iptc7901", telegram("Ferry =\r\nText.", time=time)))

    assert article.published_at == datetime(2026, 11, 25, 14, 12, tzinfo=UTC)


def test_digits_of_another_meaning_are_no_time() -> None:
    items = read("iptc7901", telegram("Ferry =\r\nText.", time="25141200 GMT Nov 26"))

    assert articles(items)[0].published_at is None
    assert len(notes(items)) == 1


@pytest.mark.parametrize("format_name", ["iptc7901", "anpa1312"])
def test_bytes_without_any_header_are_one_letter(format_name: str) -> None:
    assert len(bad_items(read(format_name, bytes(range(256)) * 400))) == 1
