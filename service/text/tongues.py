"""What a word by itself shows of the language that it is in: its form, its letters, its script."""

import re

import numpy as np

from service.text.chunks import WORDS
from service.text.table import Column

UNKNOWN = "und"

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

CYRILLIC_TONGUES = frozenset(["ru", "uk", "be", "bg", "mk", "sr", "kk"])

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
NOT_RUSSIAN = "іїєґўјљњћђџќѓѕәқғңұүөһѝ"
"""Cyrillic letters of other languages."""
_NEVER = {
    "ru": NOT_RUSSIAN, "uk": "ыэёъў", "be": "ищъїєґ", "bg": "ыэёіїєґў", "mk": "йщъыьэюяёі",
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


def _shared_votes(forms: dict[str, list[str]]) -> dict[str, list[tuple[str, float]]]:
    """Form → its languages; a form that n languages of one script share is worth 1/n each."""
    return {
        form: [
            (
                tongue,
                1
                / sum(
                    (other in CYRILLIC_TONGUES) is (tongue in CYRILLIC_TONGUES) for other in tongues
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
    if tongue in CYRILLIC_TONGUES - {"ru", "uk", "be"}
}
_ONLY_ENGLISH = frozenset(
    "the of and that with was from this have are but they were which their who been said would "
    "there when what about could after has his had for by it be will not".split()
)
_LETTER_VOTES = _shared_votes(
    _by_form({tongue: list(letters) for tongue, letters in _OWN_LETTERS.items()})
)
_STRANGERS = _by_form({tongue: list(letters) for tongue, letters in _NEVER.items()})
"""Letter → the languages that never write it."""
_OWN = re.compile(f"[{''.join({**_LETTER_VOTES, **_STRANGERS})}]")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_LATIN = re.compile("[a-z\u00df-\u024f\u1e00-\u1eff]")

TONGUES = tuple(_FUNCTION_WORDS)
ENGLISH_AT = TONGUES.index("en")
CYRILLIC_AT, LATIN_AT = len(TONGUES), len(TONGUES) + 1
RUSSIAN, ENGLISH = 1, 2


def _votes(word: str) -> list[float]:
    """What one word says for each language; its Cyrillic and Latin letters."""
    scores = dict.fromkeys(TONGUES, 0.0)
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


CYRILLIC_SCRIPT, LATIN_SCRIPT = 1, 2
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
KANA_SCRIPT, ARABIC_SCRIPT = 3, 4
SCRIPT_COUNT = 3 + len(_OTHER_SCRIPTS)
SCRIPT_LANGUAGES = ("", "", "", *(lang for lang, _ in _OTHER_SCRIPTS))
_OF_SCRIPT = tuple(
    re.compile(f"[{letters}]")
    for letters in (
        "\u0400-\u052f",
        "a-z\u00df-\u024f\u1e00-\u1eff",
        *dict(_OTHER_SCRIPTS).values(),
    )
)


def _script(word: str) -> int:
    """1 for Cyrillic, 2 for Latin, from 3 on for another, 0 for none."""
    return next((at for at, own in enumerate(_OF_SCRIPT, 1) if own.search(word)), 0)


SCRIPTS = Column(WORDS, _script, np.uint8)
"""Index into ``SCRIPT_LANGUAGES``."""
VOTES = Column(WORDS, _votes, np.float32, (len(TONGUES) + 2,))
"""For each of ``TONGUES``; then Cyrillic and Latin letters."""
OWN_WORDS = Column(
    WORDS,
    lambda word: RUSSIAN * (word in _ONLY_RUSSIAN) + ENGLISH * (word in _ONLY_ENGLISH),
    np.uint8,
)
"""``RUSSIAN`` or ``ENGLISH`` for a word of that language alone, else 0."""
