"""What programs make of Cyrillic: bytes of one encoding read as another, once, twice and mixed."""

from collections.abc import Callable
from functools import partial
from itertools import permutations

Damage = Callable[[str], str]

CODE_PAGES = {
    "windows-1251": "cp1251",
    "koi8-r": "koi8-u",  # which has the letters of Ukrainian too
    "cp866": "cp866",
    "mac-cyrillic": "mac-cyrillic",
    "iso-8859-5": "iso-8859-5",
}
ENCODINGS = {**CODE_PAGES, "UTF-8": "utf-8", "latin-1": "latin-1", "windows-1252": "cp1252"}


def misread(text: str, right: str, wrong: str) -> str:
    """Bytes of ``right`` read as ``wrong``; a byte that it does not know is a control, as browsers
    have it. What ``right`` does not know is left out.
    """
    return "".join(
        bytes([byte]).decode(ENCODINGS[wrong], "ignore") or chr(byte)
        for byte in text.encode(ENCODINGS[right], "ignore")
    )


def once(right: str, wrong: str) -> Damage:
    return partial(misread, right=right, wrong=wrong)


def one_by_one(*damages: Damage) -> Damage:
    def damaged(text: str) -> str:
        for damage in damages:
            text = damage(text)
        return text

    return damaged


def _without_controls(text: str) -> str:
    return "".join(char for char in text if not "\x80" <= char <= "\x9f")


def _spaced(text: str) -> str:
    return text.replace("\xa0", " ")


ONCE: dict[str, Damage] = {
    f"{right} read as {wrong}": once(right, wrong)
    for right, wrong in [
        *((page, western) for page in CODE_PAGES for western in ("latin-1", "windows-1252")),
        *permutations(CODE_PAGES, 2),
        *(("UTF-8", wrong) for wrong in [*CODE_PAGES, "latin-1", "windows-1252"]),
    ]
}
TWINS = ("windows-1251 read as mac-cyrillic", "mac-cyrillic read as windows-1251")
"""Pages with the same small letters but one: a headline alone seldom proves what it was."""
TWICE: dict[str, Damage] = {
    f"{name}, twice": one_by_one(ONCE[name], ONCE[name])
    for name in (
        "UTF-8 read as windows-1251",
        "UTF-8 read as latin-1",
        "UTF-8 read as windows-1252",
    )
}
SWAPPED_TWICE: dict[str, Damage] = {
    f"{name}, twice": one_by_one(ONCE[name], ONCE[name])
    for name in ("koi8-r read as windows-1251", "windows-1251 read as koi8-r")
}
MIXED: dict[str, Damage] = {
    f"{first}, then {second}": one_by_one(ONCE[first], ONCE[second])
    for first, second in [
        ("windows-1251 read as latin-1", "UTF-8 read as windows-1251"),
        ("windows-1251 read as windows-1252", "UTF-8 read as windows-1252"),
        ("koi8-r read as windows-1251", "UTF-8 read as latin-1"),
        ("koi8-r read as windows-1251", "UTF-8 read as windows-1251"),
        ("koi8-r read as latin-1", "UTF-8 read as windows-1251"),
        ("UTF-8 read as windows-1251", "UTF-8 read as latin-1"),
        ("UTF-8 read as latin-1", "UTF-8 read as windows-1251"),
        ("koi8-r read as windows-1251", "windows-1251 read as cp866"),
    ]
}
WORN: dict[str, Damage] = {
    "windows-1251 read as windows-1252, controls lost": one_by_one(
        ONCE["windows-1251 read as windows-1252"], _without_controls
    ),
    "UTF-8 read as latin-1, no-break spaces are spaces": one_by_one(
        ONCE["UTF-8 read as latin-1"], _spaced
    ),
    "UTF-8 read as windows-1252, no-break spaces are spaces": one_by_one(
        ONCE["UTF-8 read as windows-1252"], _spaced
    ),
    "UTF-8 read as windows-1251, no-break spaces are spaces": one_by_one(
        ONCE["UTF-8 read as windows-1251"], _spaced
    ),
    "UTF-8 read as windows-1251, controls lost": one_by_one(
        ONCE["UTF-8 read as windows-1251"], _without_controls
    ),
}
"""What is left behind other programs, with all that a repair needs."""
CONTROLS_LOST = one_by_one(ONCE["UTF-8 read as windows-1252"], _without_controls)
"""Five letters lose their second byte, с and я among them: what they were is a guess."""


def kept(text: str, damage: Damage) -> str:
    """What of a text the damage keeps: a page that has no № leaves none."""
    return "".join(char for char in text if damage(char))
