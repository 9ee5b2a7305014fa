"""Currencies by the words, codes and signs that news has for them.

They are told by their noun: crowns of two countries, or A$ and US$, are one here, since papers
at home leave the country out.
"""

_WORDS = {
    "rouble": "rouble roubles ruble rubles rub rur рубль рубля рублю рублей рублям рублями рублях"
    " руб р",
    "dollar": "dollar dollars usd доллар доллара доллару долларов долларам долларами долларах долл"
    " бакс баксов",
    "euro": "euro euros eur евро",
    "pound": "gbp pound_sterling pounds_sterling фунт_стерлингов фунта_стерлингов"
    " фунтов_стерлингов",
    "yen": "yen jpy иена иены иену иен йен",
    "yuan": "yuan renminbi rmb cny юань юаня юаней юаням юанями",
    "franc": "franc francs chf франк франка франков франкам франками",
    "rupee": "rs rupee rupees inr pkr рупия рупии рупию рупий рупиям рупиями",
    "crown": "crown crowns krona kronor krone kroner koruna kr cr sek nok dkk czk крона кроны"
    " крону крон кронам кронами",
    "hryvnia": "hryvnia hryvnias uah гривна гривны гривну гривен гривнам гривнами грн",
    "tenge": "tenge kzt тенге",
    "lira": "lira liras лира лиры лиру лир",
    "won": "krw вон вона",
    "zloty": "zloty zlotys pln злотый злотых злотого",
    "real": "reais brl реал реала реалов",
    "peso": "peso pesos песо",
    "dinar": "dinar dinars динар динара динаров",
    "dirham": "dirham dirhams aed дирхам дирхама дирхамов",
    "rand": "rand zar рэнд рэнда рэндов",
    "shekel": "shekel shekels шекель шекеля шекелей",
    "lari": "lari gel лари",
}

CURRENCIES = {
    word.replace("_", " "): currency for currency, words in _WORDS.items() for word in words.split()
}
"""Word as it stands behind a sum, in normal form → currency."""

CODES = frozenset(
    "usd eur gbp jpy rmb cny chf rs inr pkr cr kr sek nok dkk czk rub uah aed zar brl".split()
)
"""Those that stand before a sum too: Rs 500."""

PLURALS = frozenset(
    word for word in CURRENCIES if word[-1] == "s" or word.endswith(("ов", "ей", "ен", "он", "ий"))
)
"""Those that count what a word before them says more of: остравских крон."""

SIGNS = {
    "$": "dollar", "€": "euro", "£": "pound", "¥": "yen", "₽": "rouble", "₴": "hryvnia",
    "₹": "rupee", "₺": "lira", "₩": "won", "₸": "tenge", "₪": "shekel",
}  # fmt: skip
