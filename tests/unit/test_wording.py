import json

import pytest

from workers.wording import counted, digits_of, harmless, harmless_json, plain

STEERING = [*map(chr, (*range(0x20), *range(0x7F, 0xA0))), *"\u061c\u200e\u200f\u202e\u2066\u2069"]


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("one\ntwo\t three", "one two three"),
        ("\x1b[31mred\x1b[0m", "[31mred [0m"),  # no escape, so no colour
        ("a\u202eb\u2066c", "abc"),  # would turn the line around
        ("lone \ud83d", "lone \ufffd"),  # can't be encoded
        ("Ёлка 🎄 [bold]", "Ёлка 🎄 [bold]"),
        ("", ""),
    ],
)
def test_words_become_one_harmless_line(words: str, shown: str) -> None:
    assert plain(words) == shown


@pytest.mark.parametrize("char", STEERING)
def test_nothing_that_steers_a_terminal_comes_through(char: str) -> None:
    assert char not in plain(f"a{char}b")
    assert (char in harmless(f"a{char}b")) == (char in "\t\n")
    written = harmless_json(json.dumps({"title": f"a{char}b"}, ensure_ascii=False))
    assert char not in written
    assert json.loads(written) == {"title": f"a{char}b"}


def test_what_is_harmless_is_left_as_it_is() -> None:
    text = "Ёлка 🎄 عربي\n\tעברית e\u0301"

    assert harmless(text) == text
    assert harmless_json(text) == text


def test_a_long_line_is_cut_to_its_limit_with_an_ellipsis() -> None:
    assert plain("abcdef", 6) == "abcdef"
    assert plain("abcdefg", 6) == "abcde…"


@pytest.mark.parametrize("hundredths", range(101))
def test_a_share_of_whole_hundredths_reads_as_it_is(hundredths: int) -> None:
    assert digits_of(hundredths / 100, 2) == f"{hundredths // 100}.{hundredths % 100:02}"


def test_only_a_whole_reads_one() -> None:
    assert digits_of(0.99999, 4) == "0.9999"


def test_nouns_follow_their_number() -> None:
    assert (counted(1, "story", "stories"), counted(0, "pair")) == ("1 story", "0 pairs")
