"""Templated bulletins in both languages, filled at random: the verifier's hard negatives.

Two bulletins of one kind say the same but for the facts, so they are two stories;
the wordings of one set of facts, in either language, are one. Kinds are kept
apart in cross-validation, so that a figure on a kind never comes from that kind.

The texts stand in ``bulletins.json``, written for this project. Each kind has the
slots of its facts and its wordings, ``headline | text``. A slot's kind is ``n:3-40``,
a whole number of that range, ``x:60-99.2``, a number with two decimals, or a list
of ``names``: English, Russian nominative, genitive (``{city:gen}``) and prepositional
(``{city:prep}``). Every kind also has the slots ``date``, ``up`` and ``weekday``.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from random import Random

from service.training.labelled import Labelled

_TEXTS = json.loads(Path(__file__).with_name("bulletins.json").read_text(encoding="utf-8"))
_NAMES: dict[str, list[list[str]]] = _TEXTS["names"]
KINDS: tuple[str, ...] = tuple(sorted(_TEXTS["templates"]))

_ALWAYS = {"date": "date", "up": "up", "weekday": "weekday"}
_SLOT = re.compile(r"\{(\w+)(?::(\w+))?\}")
_FORMS = {None: 1, "gen": 2, "prep": 3}
_NEAR = 0.35
"""Share of fact sets that keep some names or the date of the one before: the same place
on another day, another place on the same day. Numbers are always drawn anew."""
_GROUPED_DIGITS = 5
"""Digits from which thousands are set apart: 30,000 but 3000."""

Fact = str | list[str]


def bulletins(kind: str, sets: int, rng: Random) -> Iterator[Labelled]:
    """All wordings of ``sets`` fact sets of one kind; the group is the fact set."""
    template = _TEXTS["templates"][kind]
    slots = {**template["slots"], **_ALWAYS}
    facts: dict[str, Fact] = {}
    for number in range(sets):
        near = bool(facts) and rng.random() < _NEAR
        kept = {s for s in slots if near and ":" not in slots[s] and rng.random() < 0.5}
        facts = {slot: facts[slot] if slot in kept else _drawn(slots[slot], rng) for slot in slots}
        group = f"{kind}-{number}"
        for lang in ("en", "ru"):
            for index, wording in enumerate(template[lang]):
                title, text = _filled(wording, facts, lang).split(" | ")
                yield Labelled(f"{group}-{lang}{index}", lang, title, text, group, kind, kind)


def _drawn(kind: str, rng: Random) -> Fact:
    if kind == "date":
        english, russian, *_ = rng.choice(_NAMES["month"])
        day = rng.randint(1, 28)
        return [f"{english} {day}", f"{day} {russian}", "", ""]
    if kind in _NAMES:
        return rng.choice(_NAMES[kind])
    shape, _, limits = kind.partition(":")
    low, _, high = limits.partition("-")
    if shape == "n":
        return str(rng.randint(int(low), int(high)))
    top, _, decimals = high.partition(".")
    return f"{rng.uniform(float(low), float(top)):.{decimals}f}"


def _filled(wording: str, facts: dict[str, Fact], lang: str) -> str:
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
    if len(digits) < _GROUPED_DIGITS:
        return digits
    return f"{int(digits):,}".replace(",", "\u00a0" if lang == "ru" else ",")
