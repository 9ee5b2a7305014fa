import pytest

from contracts.article import Article
from service.text.document import document


def identified(title: str = "", text: str = "", lang: str | None = None) -> str:
    return document(Article(id="1", title=title, text=text, lang=lang)).lang


@pytest.mark.parametrize(
    ("lang", "headline"),
    [
        ("ru", "Суд в Москве арестовал директора завода"),
        ("ru", "Банк России повысил ставку"),
        ("ru", "Президент подписал указ о новых выплатах"),
        ("ru", "Цены на нефть падают"),
        ("en", "Oil prices fall after the summit"),
        ("en", "Bank of Russia raises rate"),
        ("en", "Police say two people killed in fire"),
        ("en", "Magnitude 6.4 earthquake hits near Oslo"),
        ("uk", "У Харкові внаслідок обстрілу загинули двоє людей"),
        ("be", "У Мінску адкрылі новую станцыю метро"),
        ("bg", "Министърът на финансите представи бюджета"),
        ("kk", "Қазақстан президенті жаңа заңға қол қойды"),
        ("de", "Die Bundesregierung hat ein neues Gesetz beschlossen"),
        ("fr", "Le président français a rencontré son homologue à Berlin"),
        ("es", "El presidente anuncia nuevas medidas contra la inflación"),
        ("pl", "Prezydent podpisał ustawę o podatkach"),
        ("vi", "Chủ tịch nước tiếp Đại sứ Nga tại Hà Nội"),
        ("tr", "Cumhurbaşkanı Erdoğan Moskova'ya gidiyor"),
        ("nl", "De regering heeft een nieuwe wet aangenomen"),
    ],
)
def test_a_headline_tells_its_language(lang: str, headline: str) -> None:
    assert identified(headline) == lang


@pytest.mark.parametrize(
    "text",
    [
        "Влада усвојила предлог закона о буџету",
        "Владата на Македонија го усвои буџетот",
        "Председник се састао са амбасадором",
        "Il governo approva la manovra",
        "Terremoto na Turquia deixa mortos",
        "Hallitus esittää uusia veroja",
        "Regeringen föreslår nya regler",
    ],
)
def test_neighbours_of_russian_and_english_are_not_taken_for_them(text: str) -> None:
    assert identified(text) not in {"ru", "en"}


@pytest.mark.parametrize("text", ["12345 67", "🎯🎯", "Nvidia", "北京", "ok"])
def test_too_little_to_tell_is_und(text: str) -> None:
    assert identified(text) == "und"


def test_a_russian_text_with_ukrainian_and_english_names_is_russian() -> None:
    text = (
        "Издание «Українська правда» сообщило, что The Washington Post уже получила ответ. "
        "Об этом заявил представитель газеты, его слова приводит агентство."
    )

    assert identified(text=text) == "ru"


@pytest.mark.parametrize(
    ("said", "lang"), [("de", "de"), ("en-GB", "en"), ("RU_ru", "ru"), ("rus", "ru"), ("x!", "ru")]
)
def test_the_feeds_word_is_taken_if_it_is_iso_639_1(said: str, lang: str) -> None:
    assert identified("Президент подписал указ о новых выплатах", lang=said) == lang


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        (
            "zh",
            "北京市政府周三宣布，新的地铁线路将于五月开通。 “It was there when they said.”",
        ),
        ("ja", "東京の新しい地下鉄は五月に開通すると市が発表した。"),
        ("ko", "서울시는 새로운 지하철 노선이 5월에 개통된다고 밝혔다."),
        ("ar", "أعلنت بلدية القاهرة أن خط المترو الجديد سيفتح في مايو"),
        ("fa", "شهرداری تهران گفت خط جدید مترو پنجشنبه با حضور گردشگران گشایش می‌یابد"),
        ("hi", "दिल्ली में नई मेट्रो लाइन मई में खुलेगी"),
        ("el", "Η νέα γραμμή του μετρό στην Αθήνα ανοίγει τον Μάιο"),
        ("he", "קו המטרו החדש בתל אביב ייפתח במאי"),
        ("ka", "თბილისში მეტროს ახალი ხაზი მაისში გაიხსნება"),
        ("hy", "Երևանում մետրոյի նոր գիծը կբացվի մայիսին"),
        ("th", "รถไฟฟ้าสายใหม่ในกรุงเทพจะเปิดในเดือนพฤษภาคม"),
    ],
)
def test_a_script_of_one_language_tells_it(lang: str, text: str) -> None:
    assert identified(text=text) == lang


@pytest.mark.parametrize(
    ("lang", "headline"),
    [
        ("ru", "Пожар в Дорне"),
        ("ru", "Xiaomi анонсировала бюджетный телевизор Mi TV Pro E32S"),
        ("ru", "Роспотребнадзор объяснил влияние алкоголя"),
        ("en", "Govt to recruit volunteers for vaccine trial"),
        ("uk", "Їхні леви живуть великими групами"),
        ("be", "Кіта вывелі з гавані буксіры"),
    ],
)
def test_a_short_headline_is_in_the_language_that_nothing_speaks_against(
    lang: str, headline: str
) -> None:
    assert identified(headline) == lang


QUOTE = (
    "We will not be there when it is over, and they have said that this is what they would do "
    "about it, because there was nothing else which could have been done by them after that"
)


def test_a_report_is_in_its_own_language_whatever_it_quotes() -> None:
    said = f"Глава порта сказал: «{QUOTE}». Так он ответил на вопрос журналистов."

    assert identified("Порт закрывают", said) == "ru"
    assert identified(text=said) == "ru"
    assert identified("Port closes", f"The head of the port said that it was «{said}».") == "en"
