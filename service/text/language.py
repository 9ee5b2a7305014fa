"""Which language a text is in: Russian and English surely, others where they show.

Two kinds of evidence, both next to free: words that only grammar needs, which every
sentence holds (the commonest 20 to 40 of each language), and letters that only some
alphabets have. A letter foreign to Russian outweighs words that Slavic languages share.
Where the best language does not lead clearly the answer is ``und``, never a guess; but
Cyrillic that speaks for no other language is Russian. Scripts that one language writes tell
it at once. Of a text in two scripts, such as a report with a long quotation, the headline
decides, or else its first words.
"""

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from service.text.chunks import WORDS
from service.text.table import Column, Numbers, ranges

UNKNOWN = "und"
SAMPLE_WORDS = 120
"""Words of the body looked at, beside the title."""
SAMPLE_CHARACTERS = 600
"""Characters of the body searched for the English possessive, whose ``'s`` words lose."""

_FUNCTION_WORDS = dict(
    row.split(": ")
    for row in """
ru: и в не на что с по как это из к за от о для его при до же но также который которые было был
    была были он она они года году после или так уже только если об во со будет может чем под бы
    их ее этом еще лет заявил сообщил сообщает этого все всех том из-за над
uk: та у й що не на з до як це від про за його після або ще вже лише який які яка він вона вони
    було був була були року році під час також але є із для при щоб
be: і ў у не на што з да як гэта ад пра за яго пасля або яшчэ ўжо які якія яна яны было быў была
    былі года годзе таксама але для пры каб
bg: и в не на че с по как това из към за от се ще да са е при до но също който които която беше
    бе години година след или във със бъде може му ѝ им тази този според
mk: и во не на дека со по како ова од за се ќе да са е при до но исто кој кои која беше години
    година или може му нив оваа овој според ги го
sr: и у не на да са по као ово из за од се ће је су при до али који које која био била било
    године година након или може му њих овај према што
kk: және мен бұл үшін бойынша бір болып деп туралы кейін осы еді емес
en: the of and to in a is that for it on was with as he be by at said have from his this not are
    but has they an were will which their who its after had been says over new why how what when
    about into could would than more out up amid first two years year man woman police people
    against before off down no back all can get gets best top you your we our my president house
    war court case deal day report news attack dead killed dies fall falls rise rises hits hit
    win wins beat make makes take takes show shows plan plans set sets call calls face faces see
    world state government health school work week live home life money market prices oil bank
    rate rates fire high law vote gun death under three
de: der die das und in den von zu mit sich des auf für ist im dem nicht ein eine als auch es an
    werden aus er hat war dass sie nach wird bei einer um am sind noch wie
fr: le la les de des et en un une du que est pour qui dans a par plus pas au sur ne se son avec
    ce il sont aux cette ont mais ou
es: el la los las de y en que un una por con para del se no su al es lo como más ha sus sobre
    este entre fue pero han
it: il la le di e che in un una per con non del si della da i al è sono dei ha nel alla più
    delle gli anche come ma
pt: o a os as de e que em um uma do da para com não no na por se dos mais ao foi das pelo como
    são sua seu é
nl: de het een van en in is dat op te zijn met voor niet aan er om ook als door naar bij hij
    maar uit worden heeft
pl: i w na z się nie do że to jest o jak po od za przez dla ale co oraz ma są został będzie
    który które która
cs: na se je že to z do ve pro za by jako po si který která od při ale podle byl jsou
tr: ve bir bu için ile da de olarak çok olan daha sonra gibi kadar en ama olduğunu göre
vi: của và là các trong có được cho một người với không đã về những tại này khi để ra vào năm
sv: och i att det som en på är av för med den till har de inte om ett var från sig men
da: og i at det er en til på som af for med den der de har ikke et fra var kan
no: og i at det er en til på som av for med den har ikke de et fra var kan jeg
fi: ja on ei se että oli hän joka ovat mutta myös kun mukaan sekä tai
ro: și în de la a cu pe care din nu este pentru un o mai au fost sunt după că
hu: a az és hogy nem is egy van volt meg ez csak szerint már de mint
id: yang dan di dengan untuk ini dari pada itu dalam tidak akan ke juga telah oleh
""".replace("\n    ", " ")
    .strip()
    .splitlines()
)

_CYRILLIC_TONGUES = frozenset(["ru", "uk", "be", "bg", "mk", "sr", "kk"])

_OWN_LETTERS = {
    "ru": "ыэ", "uk": "іїєґ", "be": "іўы", "bg": "ъ", "mk": "ѓќѕјљњ", "sr": "ђћјљњ",
    "kk": "әқңғұүөіһы", "vi": "ơưđạảấầẩậắằẵặẹẻếềểệịọỏốồổộớờởợụủứừửựỳỵăâêô", "tr": "ğşıçöü",
    "pl": "ąęłśźżćó", "cs": "řěůčšžý", "ro": "ășțâî", "hu": "őűöüáé", "es": "ñáéíóú¿¡",
    "pt": "ãõçêáéíó", "de": "ßäöü", "fr": "éèêçàô", "sv": "åäö", "da": "æøå", "no": "æøå",
    "fi": "äö", "it": "àèìòù",
}  # fmt: skip
"""Letters that a language writes often and most others of its script never."""
_RUSSIAN_HARD_SIGN = re.compile("ъ(?=[еёюя])")
"""Where Russian too has ъ: объект."""
_NOT_RUSSIAN = "іїєґўјљњћђџќѓѕәқғңұүөһѝ"
_NEVER = {
    "ru": _NOT_RUSSIAN, "uk": "ыэёъў", "be": "ищъїєґ", "bg": "ыэёіїєґў", "mk": "йщъыьэюяёі",
    "sr": "йщъыьэюяёі",
}  # fmt: skip
"""Letters that a Cyrillic language never writes."""

_ENDINGS = {
    ending: tongue
    for tongue, endings in {
        "ru": "ть тся лся ого его ому ых ий ый ой ую ью ами ями ях ал ил ела ала ила али или ем ом "
        "ией сь ции ей",
        "bg": "ъ ът ата ията ето",
        "mk": "ото",
        "be": "ыю лі кі ць аў",
        "en": "ing ed ly ght ks ls ck th ws ity ew ay ment y ll",
    }.items()
    for ending in endings.split()
}
"""Ends of words, two letters before them at least; half a function word's worth."""

_ENDING_VOTE = 0.5
_LETTER_VOTE = 0.7
_FOREIGN_VOTE = 0.7
"""Against a language, for each letter it does not have."""
_POSSESSIVE_VOTE = 0.8
_SURE_LEAD = 0.45
"""By which the best language must lead, in votes of a word that is its alone."""
_SURE_RATIO = 1.25
_FEWEST_LETTERS = 8


def _shared_votes(forms: dict[str, list[str]]) -> dict[str, list[tuple[str, float]]]:
    """Form → its languages; a form that n languages of one script share is worth 1/n each."""
    return {
        form: [
            (
                tongue,
                1
                / sum(
                    (other in _CYRILLIC_TONGUES) is (tongue in _CYRILLIC_TONGUES)
                    for other in tongues
                ),
            )
            for tongue in tongues
        ]
        for form, tongues in forms.items()
    }


def _by_form(tongues: dict[str, list[str]]) -> dict[str, list[str]]:
    forms: dict[str, list[str]] = {}
    for tongue, its_forms in tongues.items():
        for form in set(its_forms):
            forms.setdefault(form, []).append(tongue)
    return forms


_WORD_VOTES = _shared_votes(
    _by_form({tongue: words.split() for tongue, words in _FUNCTION_WORDS.items()})
)
_ONLY_RUSSIAN = frozenset(
    "что как из это для его после или уже если они был было была этом который которые также лет "
    "только чем этого еще очень будет может года году того сейчас при более".split()
) - {
    form
    for form, votes in _WORD_VOTES.items()
    for tongue, _ in votes
    if tongue in _CYRILLIC_TONGUES - {"ru", "uk", "be"}
}
_ONLY_ENGLISH = frozenset(
    "the of and that with was from this have are but they were which their who been said would "
    "there when what about could after has his had for by it be will not".split()
)
_PLAIN_WORDS = 4
"""Different words of that kind in a sample which settle the matter."""
_LETTER_VOTES = _shared_votes(
    _by_form({tongue: list(letters) for tongue, letters in _OWN_LETTERS.items()})
)
_STRANGERS = _by_form({tongue: list(letters) for tongue, letters in _NEVER.items()})
"""Letter → the languages that never write it."""
_OWN = re.compile(f"[{''.join({**_LETTER_VOTES, **_STRANGERS})}]")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_LATIN = re.compile("[a-z\u00df-\u024f\u1e00-\u1eff]")


def languages(
    declared: Sequence[str], texts: Sequence[str], words: Numbers, bounds: Numbers
) -> list[str]:
    """ISO 639-1 of articles, or ``und``.

    Args:
        declared: what each article's feed says, which is taken; an empty string where it says none.
        texts: title, then body, of each article.
        words: of these texts, end to end, by their numbers in ``WORDS``.
        bounds: where each text's words begin, and the end of the last, shape (texts + 1,).
    """
    if all(declared):
        return list(declared)
    starts, middles = bounds[:-1:2], bounds[1::2]
    ends = np.minimum(middles + SAMPLE_WORDS, bounds[2::2])
    settled = _settled(words, starts, ends)
    return [
        said
        or (plain if plain and _is_plain(plain, text) else "")
        or _weighed(title, text, words[start:end], title_words)
        for said, plain, title, text, start, end, title_words in zip(
            declared,
            settled,
            texts[::2],
            texts[1::2],
            starts.tolist(),
            ends.tolist(),
            (middles - starts).tolist(),
            strict=True,
        )
    ]


def _settled(words: Numbers, starts: Numbers, ends: Numbers) -> list[str]:
    """Russian or English where nothing else is to be seen in a sample, else an empty string."""
    owner, at = ranges(starts, ends - starts)
    sample = words[at]
    in_script = np.bincount(
        _SCRIPT_COUNT * owner + _SCRIPTS[sample], minlength=_SCRIPT_COUNT * len(starts)
    )
    _, cyrillic, latin, *others = in_script.reshape(-1, _SCRIPT_COUNT).T
    is_one = np.minimum(cyrillic, latin) * _MIXED_RATIO <= cyrillic + latin
    is_one &= sum(others) == 0
    own = np.flatnonzero(_OWN_WORDS[sample])
    different = np.unique(owner[own] << 32 | sample[own])
    whose = 3 * (different >> 32) + _OWN_WORDS[different & 0xFFFFFFFF]
    _, russian, english = np.bincount(whose, minlength=3 * len(starts)).reshape(-1, 3).T
    found = np.where(english >= _PLAIN_WORDS, "en", np.where(russian >= _PLAIN_WORDS, "ru", ""))
    return list(np.where(is_one, found, "").tolist())


def _weighed(title: str, text: str, sample: Numbers, title_words: int) -> str:
    """The language of one article; its title has the first words of the sample."""
    scripts = _SCRIPTS[sample]
    _, in_cyrillic, in_latin, *in_others = np.bincount(scripts, minlength=3).tolist()
    if in_others and (other := _by_script(scripts, sample)):
        return other
    if min(in_cyrillic, in_latin) * _MIXED_RATIO > in_cyrillic + in_latin:
        english = sample[_OWN_WORDS[sample] == _ENGLISH]
        sample = sample[scripts == _leading(scripts[:title_words], scripts, english)]
    if plain_case := _plain_case(sample, text):
        return plain_case
    votes = _VOTES[sample]
    total = votes.sum(axis=0).tolist()
    cyrillic, latin = total[_CYRILLIC_AT], total[_LATIN_AT]
    if cyrillic + latin < _FEWEST_LETTERS:
        return UNKNOWN
    if cyrillic < latin:
        seen = f"{title} {text[:SAMPLE_CHARACTERS]}"
        total[_ENGLISH_AT] += _POSSESSIVE_VOTE * (seen.count("'s ") + seen.count("’s "))
    is_cyrillic = cyrillic >= latin
    return _surest(
        [
            (total[at], tongue)
            for at, tongue in enumerate(_TONGUES)
            if (tongue in _CYRILLIC_TONGUES) is is_cyrillic
        ]
    )


def _plain_case(sample: Numbers, text: str) -> str | None:
    """Russian or English by words of theirs alone: enough for running text."""
    own = _OWN_WORDS[sample]
    if _different(sample[own == _ENGLISH]) >= _PLAIN_WORDS:
        return "en"
    is_russian = _different(sample[own == _RUSSIAN]) >= _PLAIN_WORDS
    return "ru" if is_russian and _is_plain("ru", text) else None


def _is_plain(plain: str, text: str) -> bool:
    """Whether a body has no letter that the language has not; asked of Russian alone."""
    seen = text[:SAMPLE_CHARACTERS]
    return plain != "ru" or not any(map(seen.__contains__, _NOT_RUSSIAN))


def _leading(title: NDArray[np.uint8], both: NDArray[np.uint8], own: NDArray[np.uint8]) -> int:
    """The script that a text in two is written in.

    Latin names abound in Russian headlines and the reverse is rare, so a quarter of Cyrillic
    words in the headline, or where there is none in the first words, is enough; a Latin
    headline needs English words that no name has.
    """
    first = title if len(title) else both[:_FIRST_WORDS]
    cyrillic = int((first == _CYRILLIC_SCRIPT).sum())
    if cyrillic and _MOST_NAMES * cyrillic >= int((first > 0).sum()):
        return _CYRILLIC_SCRIPT
    if _different(own) >= _PLAIN_WORDS:
        return _LATIN_SCRIPT
    latin, cyrillic = (int((both == each).sum()) for each in (_LATIN_SCRIPT, _CYRILLIC_SCRIPT))
    return _LATIN_SCRIPT if latin > cyrillic else _CYRILLIC_SCRIPT


def _by_script(scripts: NDArray[np.uint8], sample: Numbers) -> str | None:
    """The language of another script, if most words are in it."""
    counts: Counter[int] = Counter(scripts[scripts > 0].tolist())
    others = {script: n for script, n in counts.items() if script > _LATIN_SCRIPT}
    if 2 * sum(others.values()) < counts.total():
        return None
    letters = "".join(WORDS.texts[number] for number in sample[scripts > _LATIN_SCRIPT].tolist())
    if len(letters) < _FEWEST_SIGNS:
        return UNKNOWN
    if _KANA_SCRIPT in others:
        return "ja"
    script = max(others, key=others.__getitem__)
    if script == _ARABIC_SCRIPT:
        return next((lang for lang, own in _OWN_ARABIC if _is_frequent(own, letters)), "ar")
    return _SCRIPT_LANGUAGES[script]


def _is_frequent(own: re.Pattern[str], letters: str) -> bool:
    return len(own.findall(letters)) * _LETTERS_AN_OWN_ONE >= len(letters)


def _different(words: NDArray[np.integer]) -> int:
    return len(set(words.tolist()))


_TONGUES = tuple(_FUNCTION_WORDS)
_ENGLISH_AT = _TONGUES.index("en")
_CYRILLIC_AT, _LATIN_AT = len(_TONGUES), len(_TONGUES) + 1
_RUSSIAN, _ENGLISH = 1, 2


def _votes(word: str) -> list[float]:
    """What one word says for each language; its Cyrillic and Latin letters."""
    scores = dict.fromkeys(_TONGUES, 0.0)
    for tongue, vote in _WORD_VOTES.get(word, ()):
        scores[tongue] += vote
    if len(word) > 4:
        for length in (1, 2, 3, 4):
            if ending := _ENDINGS.get(word[-length:]):
                scores[ending] += _ENDING_VOTE
    for letter in _OWN.findall(_RUSSIAN_HARD_SIGN.sub("", word)):
        for tongue, vote in _LETTER_VOTES.get(letter, ()):
            scores[tongue] += vote * _LETTER_VOTE
        for tongue in _STRANGERS.get(letter, ()):
            scores[tongue] -= _FOREIGN_VOTE
    return [
        *scores.values(),
        len(_CYRILLIC.findall(word)),
        len(_LATIN.findall(word)),
    ]


_CYRILLIC_SCRIPT, _LATIN_SCRIPT = 1, 2
_OTHER_SCRIPTS = (
    ("ja", "\u3040-\u30ff"),
    ("ar", "\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc"),
    ("zh", "\u3400-\u9fff\uf900-\ufaff"),
    ("ko", "\u1100-\u11ff\uac00-\ud7af"),
    ("hi", "\u0900-\u097f"),
    ("el", "\u0370-\u03ff\u1f00-\u1fff"),
    ("he", "\u0590-\u05ff"),
    ("ka", "\u10a0-\u10ff"),
    ("hy", "\u0530-\u058f"),
    ("th", "\u0e00-\u0e7f"),
    ("bn", "\u0980-\u09ff"),
    ("ta", "\u0b80-\u0bff"),
    (
        UNKNOWN,
        "\u0700-\u074f\u0a00-\u0b7f\u0c00-\u0dff\u0e80-\u0fff\u1000-\u109f\u1200-\u137f",
    ),
)
"""A language and the letters that tell it; where several write a script, its most frequent."""
_KANA_SCRIPT, _ARABIC_SCRIPT = 3, 4
_SCRIPT_COUNT = 3 + len(_OTHER_SCRIPTS)
_SCRIPT_LANGUAGES = ("", "", "", *(lang for lang, _ in _OTHER_SCRIPTS))
_OF_SCRIPT = tuple(
    re.compile(f"[{letters}]")
    for letters in (
        "\u0400-\u052f",
        "a-z\u00df-\u024f\u1e00-\u1eff",
        *dict(_OTHER_SCRIPTS).values(),
    )
)
_OWN_ARABIC = (("ur", re.compile("[ٹڈڑےں]")), ("fa", re.compile("[پچژگ]")))
_FEWEST_SIGNS = 4
"""Letters of another script that tell a language: 北京 is a name in any."""
_LETTERS_AN_OWN_ONE = 40
"""A word borrowed from Persian does not make an Arabic text one."""
_OF_THE_FEED = frozenset(["ru", "en"])
_MIXED_RATIO = 10
"""A text is in two scripts where more than a tenth of its words is in the lesser one."""
_MOST_NAMES = 4
_FIRST_WORDS = 12


def _script(word: str) -> int:
    """1 for Cyrillic, 2 for Latin, from 3 on for another, 0 for none."""
    return next((at for at, own in enumerate(_OF_SCRIPT, 1) if own.search(word)), 0)


_SCRIPTS = Column(WORDS, _script, np.uint8)
_VOTES = Column(WORDS, _votes, np.float32, (len(_TONGUES) + 2,))
_OWN_WORDS = Column(
    WORDS,
    lambda word: _RUSSIAN * (word in _ONLY_RUSSIAN) + _ENGLISH * (word in _ONLY_ENGLISH),
    np.uint8,
)


def _surest(scores: list[tuple[float, str]]) -> str:
    (second, _), (best, tongue) = sorted(scores)[-2:]
    if best - second >= _SURE_LEAD and best >= _SURE_RATIO * second:
        return tongue
    # One of the two that the feed is in, where nothing speaks more for another.
    likely = (each for score, each in scores if each in _OF_THE_FEED and score >= best > 0)
    return next(likely, UNKNOWN)
