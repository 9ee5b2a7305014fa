"""Headlines and whole feeds in four languages, written for these tests, in the encodings in which
news in them has come.
"""

from xml.sax.saxutils import escape

HEADLINES = {
    "ru": (
        "Мост через Каму открыли после ремонта",
        "Паром «Балтика» вернулся в порт из-за шторма",
        "ЦБ сохранил ключевую ставку на уровне 16%",
        "В Омске эвакуировали школу: нашли снаряд",
        "Ёлку на площади зажгут 20 декабря",
        "Глава МИД прилетел в Пекин с визитом",
        "Суд арестовал экс-мэра Рязани до марта",
        "На Камчатке проснулся вулкан Шивелуч",
        "Цены на яйца в ноябре выросли на 4,5%",
        "«Зенит» обыграл «Спартак» со счётом 2:1",
        "Учёные нашли воду в кратере Луны",
        "Объём добычи угля в Кузбассе снизился",
        "ГИБДД предупредила водителей о гололёде",
        "Щенка спасли из полыньи на Неве",
        "Энергетики устранили аварию в Уфе",
        "Юниоры взяли три медали в Минске",
        "Фермеры Кубани начали сев озимых",
        "Дом",
        "Пожар в порту",
        "Apple открыла офис в Москве — СМИ",
    ),
    "uk": (
        "Міст через Дністер відкрили після ремонту",
        "Пором повернувся в порт через шторм",
        "Нацбанк зберіг облікову ставку на рівні 13%",
        "У Львові евакуювали школу через замінування",
        "Ялинку на площі запалять у грудні",
        "Голова уряду прибув до Варшави з візитом",
        "Суд заарештував колишнього міського голову",
        "Ціни на яйця в листопаді зросли на 4,5%",
        "«Шахтар» переміг «Динамо» з рахунком 2:1",
        "Вчені знайшли воду в кратері Місяця",
        "Їжак зупинив рух на трасі біля Києва",
        "Енергетики усунули аварію в Харкові",
        "Фермери почали сівбу озимини",
        "Єврокомісія виділила кошти на залізницю",
        "Рятувальники знайшли зниклих туристів",
    ),
    "en": (
        "Mayor’s office says bridge will reopen",
        "“We had no choice,” ferry captain says",
        "Café owners protest new tax – report",
        "Bank keeps rate at 4.5% — economists surprised",
        "Beyoncé’s tour adds three dates in Zürich",
        "Storm closes port; £2m in damage",
        "Temperatures reach 42 °C in the south",
        "El Niño returns, forecasters warn",
    ),
    "de": (
        "Brücke über die Elbe wieder geöffnet",
        "Fähre kehrt wegen Sturm zurück",
        "Bundesbank hält Zinssatz für übertrieben",
        "Schule in Köln nach Bombenfund geräumt",
        "„Größter Erfolg seit Jahren“, sagt der Präsident",
        "Außenminister reist nach Österreich",
        "Zugunglück bei Münster: zwölf Verletzte",
        "Gericht verhängt Geldbuße gegen Börsenhändler",
        "Bäcker fordern höhere Löhne",
        "Wölfe reißen Schafe in Thüringen",
        "Straßensperre",
        "Bürgermeister tritt zurück",
    ),
}
CYRILLIC = ("windows-1251", "koi8-r", "iso-8859-5", "cp866", "mac-cyrillic")
WESTERN = ("windows-1252", "iso-8859-1")
UNICODE = ("utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-16-le")
ENCODINGS = {
    "ru": (*UNICODE, *CYRILLIC),
    "uk": (*UNICODE, "windows-1251", "koi8-u", "iso-8859-5", "mac-cyrillic"),
    "en": (*UNICODE, *WESTERN),
    "de": (*UNICODE, *WESTERN),
}
"""Language → encodings that hold its letters. ``utf-16`` has a mark, the two others have none."""


def written(text: str, encoding: str) -> bytes:
    """The text in an encoding; what it lacks, such as long dashes in KOI8, is not there."""
    return text.encode(encoding, "ignore")


def readable(text: str, encoding: str) -> str:
    """What of the text an encoding has."""
    return written(text, encoding).decode(encoding)


def feed(titles: tuple[str, ...], declared: str | None) -> str:
    """RSS with these headlines."""
    items = "".join(
        f"<item><guid>urn:x:{number}</guid><title>{escape(title)}</title></item>\n"
        for number, title in enumerate(titles)
    )
    said = f' encoding="{declared}"' if declared else ""
    return f'<?xml version="1.0"{said}?>\n<rss version="2.0"><channel>\n{items}</channel></rss>'
