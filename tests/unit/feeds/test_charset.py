"""Which encoding a document is read in, and what is told of it."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.feeds.headlines import HEADLINES, feed, written
from tests.unit.linear.growth import MOST_A_DOUBLING, growth
from workers.feeds.encoding import labels
from workers.feeds.encoding.charset import decoded
from workers.feeds.readers.xml import tree

RUSSIAN = "Мост через Каму открыли"
GERMAN = "Brücke über die Elbe für Züge geöffnet"


def xml(text: str, declared: str = "", encoding: str = "utf-8") -> bytes:
    said = f' encoding="{declared}"' if declared else ""
    return f'<?xml version="1.0"{said}?><rss>{text}</rss>'.encode(encoding)


def read(body: bytes, content_type: str = "") -> str:
    text = decoded(body, content_type).text.decode()
    return text.partition("<rss>")[2].partition("</rss>")[0]


def told(body: bytes, content_type: str = "") -> list[str]:
    return [note.detail for note in decoded(body, content_type).notes]


@pytest.mark.parametrize(
    ("label", "encoding"),
    [
        *((each, "cp1251") for each in ("windows-1251", "cp1251", "x-cp1251", "CP-1251")),
        *((each, "cp1251") for each in ("win-1251", "windows1251", "Win1251", "WINDOWS_1251")),
        *((each, "koi8-r") for each in ("koi8-r", "KOI8R", "koi8_r", "cskoi8r", "koi", "koi8")),
        *((each, "koi8-u") for each in ("koi8-u", "koi8u", "koi8-ru")),
        *((each, "cp866") for each in ("cp866", "866", "ibm866", "cp-866", "csibm866", "dos-866")),
        *((each, "iso8859-5") for each in ("iso-8859-5", "ISO88595", "iso_8859-5:1988")),
        *((each, "iso8859-5") for each in ("cyrillic", "csisolatincyrillic")),
        *((each, "mac-cyrillic") for each in ("x-mac-cyrillic", "maccyrillic", "x-mac-ukrainian")),
    ],
)
def test_russian_encodings_go_by_many_names(label: str, encoding: str) -> None:
    body = xml(RUSSIAN, label, encoding)

    assert (read(body), told(body)) == (RUSSIAN, [])
    body = xml(RUSSIAN, "", encoding)
    assert (read(body, f"text/xml; charset={label}"), told(body, f"a/b;charset={label}")) == (
        RUSSIAN,
        [],
    )


@pytest.mark.parametrize("label", ["UTF8", "utf-8", "utf8mb4", "UTF_8", "unicode-1-1-utf-8"])
def test_utf8_goes_by_many_names(label: str) -> None:
    assert told(xml(RUSSIAN, label)) == []


@pytest.mark.parametrize(
    "label", ["latin1", "ISO-8859-1", "iso8859-1", "l1", "us-ascii", "ascii", "cp-1252"]
)
def test_latin_1_is_windows_1252_as_in_browsers(label: str) -> None:
    text = "“Zürich” – 5 €"

    assert read(xml(text, label, "cp1252")) == text


@pytest.mark.parametrize(
    "label", ["rot13", "base64", "hex", "idna", "punycode", "undefined", "unicode_escape", "utf-7"]
)
def test_what_is_no_encoding_of_text_is_not_taken_for_one(label: str) -> None:
    body = xml(RUSSIAN, label)

    assert labels.known(label) is None
    assert read(body) == RUSSIAN
    assert told(body) == [f"XML declaration: encoding {label!r} is not known"]


def test_content_type_comes_before_the_declaration() -> None:
    body = xml(RUSSIAN, "windows-1252", "koi8-r")

    assert read(body, "text/xml; charset=koi8-r") == RUSSIAN
    assert told(body, "text/xml; charset=koi8-r") == [
        "XML declaration says windows-1252, the document is read as koi8-u"
    ]


@pytest.mark.parametrize("header", ["text/xml; charset=windows-1251", 'a/b; Charset = "cp1251"'])
def test_a_charset_that_the_server_alone_names_is_taken(header: str) -> None:
    body = xml("Дом", "", "cp1251")

    assert (read(body, header), told(body, header)) == ("Дом", [])


@pytest.mark.parametrize("content_type", ["", "text/xml; charset=utf-8", "text/xml"])
@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8])
def test_a_stale_declaration_is_overruled_by_utf8(content_type: str, mark: bytes) -> None:
    body = mark + xml("Дом", "windows-1251")

    assert read(body, content_type) == "Дом"
    assert told(body, content_type) == [
        "XML declaration says windows-1251, the document is read as utf-8"
    ]


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("utf-8", "windows-1251"),
        ("utf-8", "koi8-r"),
        ("koi8-r", "windows-1251"),
        ("windows-1251", "koi8-r"),
        ("iso-8859-1", "windows-1251"),
        ("iso-8859-5", "windows-1251"),
        ("windows-1251", "iso-8859-5"),
        ("utf-16", "windows-1251"),
        ("gb2312", "windows-1251"),
    ],
)
def test_a_wrong_declaration_is_overruled_by_the_bytes(declared: str, encoding: str) -> None:
    for body, content_type in (
        (xml(RUSSIAN, declared, encoding), "text/xml"),
        (xml(RUSSIAN, "", encoding), f"text/xml; charset={declared}"),
    ):
        assert read(body, content_type) == RUSSIAN
        assert len(told(body, content_type)) == 1
        assert f" says {declared}, the document is read as" in told(body, content_type)[0]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Ђорђе Јовановић отвара изложбу у Нишу", "windows-1251"),  # Serbian
        ("Министерският съвет прие бюджета", "windows-1251"),
        ("Żółw przeszedł przez jezdnię", "iso-8859-2"),
        ("Újabb őrült szűkülő időszak", "windows-1250"),
        ("Ağır kış şartları İzmir'i vurdu", "windows-1254"),
        ("Ο πρωθυπουργός στη Θεσσαλονίκη", "windows-1253"),
        ("רכבת חדשה לירושלים", "windows-1255"),
        ("Ðað er þungt í ánni", "windows-1252"),  # Icelandic
        ("25ª edição, 3ª etapa, 1º e 2º", "iso-8859-1"),
        ("½ cup, ½ spoon, ¾ litre, 5 m², ±3", "iso-8859-1"),
        ("雪の北海道で列車が止まる", "shift_jis"),
        ("台北捷運今天停駛", "big5"),
        ("北京地铁今天停运", "gb2312"),
        ("서울 지하철 운행 중단", "euc-kr"),
        ("东京列车停运", "iso-2022-jp"),
        ("Przez rzekę, żółty. " * 4, "iso-8859-2"),
        ("Przez rzekę, żółty. " * 40, "windows-1250"),
    ],
)
def test_an_encoding_that_is_right_stays(text: str, encoding: str) -> None:
    shown = text.encode(encoding, "ignore").decode(encoding)
    body = f'<?xml version="1.0" encoding="{encoding}"?><rss>{shown}</rss>'.encode(encoding)

    assert (read(body), told(body)) == (shown, [])


def test_two_bytes_that_could_be_utf8_are_what_is_named() -> None:
    assert read(xml("联通", "gbk", "gbk")) == "联通"  # in GBK they are well-formed UTF-8


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("mark", ["\ufeff", "", "\ufeff\ufeff"])
def test_wide_encodings_are_known_by_their_mark_or_their_zeros(encoding: str, mark: str) -> None:
    for declared in ("", encoding, encoding[:6]):
        body = (mark + xml(RUSSIAN, declared).decode()).encode(encoding)

        assert decoded(body).text == xml(RUSSIAN, declared)
        assert told(body) == []
    body = (mark + xml(RUSSIAN, "windows-1251").decode()).encode(encoding)

    assert decoded(body).text == xml(RUSSIAN, "windows-1251")
    assert told(body) == [f"XML declaration says windows-1251, the document is read as {encoding}"]


@pytest.mark.parametrize("before", ["\ufeff", "\n\ufeff", "\ufeff\ufeff", "\ufeff\n\ufeff"])
def test_marks_are_no_text_wherever_the_document_begins(before: str) -> None:
    body = (before + xml(RUSSIAN).decode()).encode()

    assert decoded(body).text == before.replace("\ufeff", "").encode() + xml(RUSSIAN)


def test_json_and_lines_of_json_in_utf16() -> None:
    lines = '{"id": "a"}\n{"id": "б"}'

    for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32-le", "utf-8-sig"):
        assert decoded(lines.encode(encoding)).text.decode() == lines


def test_utf16_is_declared_by_programs_that_write_utf8() -> None:
    body = xml(RUSSIAN, "utf-16")

    assert read(body) == RUSSIAN
    assert told(body) == ["XML declaration says utf-16, the document is read as utf-8"]
    assert told(xml("Ferry", "utf-16")) == []  # ASCII is the same in all


def test_a_bad_byte_costs_itself_alone() -> None:
    titles = HEADLINES["ru"]
    whole = feed(titles, "utf-8")
    body = whole.encode().replace("Балтика".encode(), "Балтик".encode() + b"\xd0")

    found = decoded(body)

    assert found.text.decode() == whole.replace("Балтика", "Балтик\ufffd")
    assert [(note.where, note.detail) for note in found.notes] == [
        ("line 4", "bytes that are no UTF-8, read as U+FFFD: 1 times")
    ]


@pytest.mark.parametrize("declared", ["utf-8", None, "windows-1251", "koi8-r"])
@pytest.mark.parametrize("language", HEADLINES)
def test_descriptions_that_are_cut_within_a_letter_stay_utf8(
    language: str, declared: str | None
) -> None:
    """As by PHP's ``substr``: each ends with the first byte of a letter of two."""
    titles = tuple(f"{each}, {each} é" for each in HEADLINES[language])
    body = feed(titles, declared).encode().replace("é".encode(), "é".encode()[:1])

    assert decoded(body).text.decode() == feed(titles, declared).replace("é", "\ufffd")


def test_the_character_of_damage_may_be_in_the_text_itself() -> None:
    body = xml("Дом \ufffd", "utf-8")

    assert (decoded(body).text, told(body)) == (body, [])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "windows-1251"])
def test_control_characters_are_spaces_in_xml_and_themselves_elsewhere(encoding: str) -> None:
    body = xml("Мост\x0bчерез \0Каму", encoding, encoding)

    assert read(body) == "Мост через  Каму"
    assert told(body) == ["characters that XML does not have, replaced: 2 times"]
    wire = "\x01ру\r\n\x02Мост через Каму\x03\x04".encode("windows-1251")
    assert decoded(wire).text.decode("utf-8") == wire.decode("windows-1251")


@pytest.mark.parametrize(
    ("written_", "read_"),
    [
        ("Мост&#11;открыт&#x1F;&#0;", "Мост открыт  "),
        ("&#55357;&#56898; &#xD83D;&#xde42; &#x0D83D;&#00056898;", "🙂 🙂 🙂"),
        ("&#55357; &#xDE42; &#56898;&#55357;", "\ufffd \ufffd \ufffd\ufffd"),
        ("&#65534;&#xFFFF;\ufffe\uffff", "\ufffd" * 4),
        ("&#9;&#10;&#13;&#32;&#x20;&#x9;&#xA;&#55295;&#57344;&#65533;", None),
        ("&#1084;&#x43C;&#128578;&#x10FFFF;&#551;&#5529;", None),
    ],
)
def test_references_to_no_character_do_not_end_a_document(written_: str, read_: str | None) -> None:
    body = xml(written_)

    expected = written_ if read_ is None else read_
    assert read(body) == expected
    assert bool(told(body)) == (read_ is not None)
    assert tree(decoded(body).text, ()).fault is None
    assert decoded(written_.encode()).text.decode() == written_  # no XML


def test_a_single_word_that_names_no_encoding() -> None:
    for encoding in ("windows-1251", "koi8-r", "iso-8859-5", "cp866"):
        body = xml("Дом", "", encoding)

        assert read(body) == "Дом"
        assert told(body)[0].startswith("no encoding is named and it is not UTF-8, read as ")


def test_too_little_to_judge_by_is_damaged_utf8() -> None:
    body = xml("Ferry ") + b"\xe2\x80"  # a quotation mark that was cut

    assert decoded(body).text == xml("Ferry ") + "\ufffd".encode()
    assert told(body) == ["bytes that are no UTF-8, read as U+FFFD: 1 times"]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Ο πρωθυπουργός επισκέφθηκε τη Θεσσαλονίκη χθες το βράδυ", "windows-1253"),
        ("雪の北海道で列車が止まり、乗客は駅で一夜を過ごした", "shift_jis"),
        ("北京地铁今天早上因为大雪停运，乘客改乘公共汽车", "gbk"),
        ("وصل القطار الجديد إلى القاهرة صباح اليوم", "windows-1256"),
    ],
)
def test_other_languages_are_told_by_charset_normalizer(text: str, encoding: str) -> None:
    assert read(xml(text, "", encoding)) == text


def test_western_text_is_windows_1252() -> None:
    assert read(xml(GERMAN, "", "cp1252")) == GERMAN
    assert read(xml("It’s", "", "cp1252")) == "It’s"
    assert read(xml("Mayor’s", "utf-8", "cp1252")) == "Mayor’s"


@given(
    st.binary(max_size=300),
    st.sampled_from(["", "utf-8", "utf-16", "iso-2022-jp", "gbk", "cp1251", "x" * 30, "\x00", "é"]),
    st.booleans(),
)
def test_nothing_makes_it_raise(body: bytes, label: str, declares: bool) -> None:
    head = f'<?xml version="1.0" encoding="{label}"?>'.encode() if declares else b""

    decoded(head + body, f"text/xml; charset={label}").text.decode()


@pytest.mark.parametrize(
    "unit", [b"\xcc\xee\xf1\xf2 ", b"\xd0\x9c\xd0 ", b"\x81\xff", b"a\x80", b"<\xfc", b"\xe3\x81"]
)
def test_it_takes_time_in_proportion_to_the_length(unit: bytes) -> None:
    def run(length: int) -> object:
        body = unit * (length // len(unit))
        return lambda: decoded(body, "text/xml; charset=koi8-r")

    assert growth(run, 100_000, 0.02) < MOST_A_DOUBLING  # type: ignore[arg-type]


def test_a_headline_that_an_encoding_lacks_is_written_without() -> None:
    assert written("Apple — СМИ", "koi8-r").decode("koi8-r") == "Apple  СМИ"
