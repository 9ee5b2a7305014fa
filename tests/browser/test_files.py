"""What holds of the page's files as they are, without a browser."""

import re
from importlib.resources import files
from itertools import product
from pathlib import Path

import pytest

PAGE = Path(str(files("workers") / "page"))
MODULES = sorted(PAGE.rglob("*.js"))
STYLES = sorted(PAGE.rglob("*.css"))
LANGUAGES = ("en", "ru")
LEAST_CONTRAST = 4.5
"""WCAG 2.2, level AA, of text."""
LEAST_OF_PARTS = 3.0
"""The same of borders of controls and marks of a plot."""
FORBIDDEN = (
    *("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "DOMParser", "srcdoc"),
    *("createContextualFragment", "eval(", "new Function", "setAttribute('style'"),
)
PLURALS = {"en": {"one", "other"}, "ru": {"one", "few", "many", "other"}}


def strings(language: str) -> dict[str, str]:
    """Key → its definition, a string or an object of plural forms."""
    text = (PAGE / "strings" / f"{language}.js").read_text()
    return dict(re.findall(r"^  '([^']+)': (.+),$", text, re.MULTILINE))


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PAGE)))
def test_no_module_parses_markup_or_text_as_code(module: Path) -> None:
    text = module.read_text()

    for word in FORBIDDEN:
        assert word not in text
    assert text.startswith("//"), "a head comment says what it is for"
    assert len(text.splitlines()) <= (400 if module.parent.name == "strings" else 260)


def test_nothing_is_loaded_from_elsewhere() -> None:
    for path in (*MODULES, *STYLES, PAGE / "index.html"):
        addresses = re.findall(
            r"""(?:https?:)?//[a-z0-9.-]+\.[a-z]{2,}[^\s'"]*""", path.read_text()
        )
        assert [each for each in addresses if "www.w3.org" not in each] == [], path


def test_the_frame_holds_nothing_inline() -> None:
    text = (PAGE / "index.html").read_text()

    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", text)


def test_both_languages_have_the_same_strings_and_values() -> None:
    english, russian = strings("en"), strings("ru")

    assert english.keys() == russian.keys()
    for key, value in english.items():
        names = [set(re.findall(r"\{(\w+)\}", each)) for each in (value, russian[key])]
        assert names[0] == names[1], key
        assert value.startswith("{") == russian[key].startswith("{"), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_plural_has_the_forms_of_its_language(language: str) -> None:
    for key, value in strings(language).items():
        if value.startswith("{"):
            assert set(re.findall(r"(\w+): '", value)) == PLURALS[language], key


def test_every_string_that_is_asked_for_is_there() -> None:
    asked = {
        key
        for module in MODULES
        for key in re.findall(r"\b(?:t|rich)\('([^']+)'", module.read_text())
    }

    assert asked - strings("en").keys() == set()


def colours(theme: str) -> dict[str, str]:
    """Name → #rrggbb of a theme, as base.css and compare.css define them."""
    found: dict[str, str] = {}
    for name in ("base.css", "compare.css"):
        text = (PAGE / "css" / name).read_text()
        selector = r":root\[data-theme=\"dark\"\]" if theme == "dark" else r":root"
        block = re.search(rf"^{selector} {{(.*?)^}}", text, re.MULTILINE | re.DOTALL)
        assert block is not None
        found |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block[1]))
    return found


def contrast(one: str, other: str) -> float:
    """WCAG's contrast ratio.

    >>> contrast("#000000", "#ffffff")
    21.0
    """
    lighter, darker = sorted(map(_luminance, (one, other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


GROUNDS = ("paper", "surface", "sunken")
TEXTS = (
    *product(("ink", "muted", "accent", "bad"), GROUNDS),
    *product(("ink",), [*(f"g{number}" for number in range(8)), "fresh"]),
    ("muted", "fresh"),
    *((name, f"{name}-ground") for name in ("ru", "en", "other", "good", "bad")),
    *product(("ink",), ("good-ground", "bad-ground")),
    ("on-accent", "accent"),
)
PARTS = (*product(("strong-line", "accent", "ru", "en", "other", "good", "bad"), GROUNDS[:2]),)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_colours_contrast_enough_to_be_read(theme: str) -> None:
    palette = colours(theme)

    def poor(pairs: tuple[tuple[str, str], ...], least: float) -> list[str]:
        measured = {pair: contrast(palette[pair[0]], palette[pair[1]]) for pair in pairs}
        return [f"{pair}: {ratio:.2f}" for pair, ratio in measured.items() if ratio < least]

    assert poor(TEXTS, LEAST_CONTRAST) == []
    assert poor(PARTS, LEAST_OF_PARTS) == []


def test_the_dark_theme_is_the_same_chosen_or_the_systems() -> None:
    for name in ("base.css", "compare.css"):
        text = (PAGE / "css" / name).read_text()
        blocks = [
            re.search(pattern, text, re.MULTILINE | re.DOTALL)
            for pattern in (
                r':root:not\(\[data-theme="light"\]\) {(.*?)}',
                r'^:root\[data-theme="dark"\] {(.*?)}',
            )
        ]
        system, chosen = (" ".join(block[1].split()) for block in blocks if block)
        assert system == chosen
