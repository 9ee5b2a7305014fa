"""Templated bulletins in both languages, filled at random: the verifier's hard negatives.

Two bulletins of one kind say the same but for the facts, so they are two stories;
the wordings of one set of facts, in either language, are one. Kinds are kept
apart in cross-validation, so that a figure on a kind never comes from that kind.
"""

import re
from collections.abc import Iterator
from random import Random

from service.training.bulletin_texts import NAMES, TEMPLATES
from service.training.labelled import Labelled

_SLOT = re.compile(r"\{(\w+)(?::(\w+))?\}")
_FORMS = {None: 1, "gen": 2, "prep": 3}
_NEAR = 0.35
"""Share of fact sets that keep half of the facts of the one before: same place, other day."""

Facts = dict[str, str | tuple[str, str, str, str]]


def bulletins(kind: str, sets: int, rng: Random) -> Iterator[Labelled]:
    """All wordings of ``sets`` fact sets of one kind; the group is the fact set."""
    slots, english, russian = TEMPLATES[kind]
    slots = {**slots, "date": "date", "up": "up", "weekday": "weekday"}
    facts: Facts = {}
    for number in range(sets):
        near = bool(facts) and rng.random() < _NEAR
        kept = {slot for slot in slots if near and rng.random() < 0.5}
        facts = {slot: facts[slot] if slot in kept else _drawn(slots[slot], rng) for slot in slots}
        for lang, wordings in (("en", english), ("ru", russian)):
            for index, wording in enumerate(wordings):
                title, text = _filled(wording, facts, lang).split(" | ")
                yield Labelled(f"{kind}-{number}-{lang}{index}", lang, title, text, f"{kind}-{number}", kind)


def _drawn(kind: str, rng: Random) -> str | tuple[str, str, str, str]:
    if kind == "date":
        month = rng.choice(NAMES["month"])
        day = str(rng.randint(1, 28))
        return (f"{month[0]} {day}", f"{day} {month[1]}", "", "")
    if kind in NAMES:
        return rng.choice(NAMES[kind])
    shape, _, limits = kind.partition(":")
    low, _, high = limits.partition("-")
    if shape == "n":
        return str(rng.randint(int(low), int(high)))
    top, _, decimals = high.partition(".")
    return f"{rng.uniform(float(low), float(top)):.{decimals}f}"


def _filled(wording: str, facts: Facts, lang: str) -> str:
    def value(match: re.Match[str]) -> str:
        fact = facts[match[1]]
        if isinstance(fact, str):
            return _number(fact, lang)
        if lang == "en":
            return fact[0]
        return fact[_FORMS.get(match[2], 1)] or fact[1]

    text = _SLOT.sub(value, wording)
    return text[0].upper() + text[1:]


def _number(digits: str, lang: str) -> str:
    """As each language prints it: 30,000 and 1.5; 30 000 and 1,5."""
    if "." in digits:
        return digits.replace(".", ",") if lang == "ru" else digits
    if len(digits) < 5:
        return digits
    return f"{int(digits):,}".replace(",", "\u00a0" if lang == "ru" else ",")
