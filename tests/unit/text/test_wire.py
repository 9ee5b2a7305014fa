import pytest

from service.text.markup import plain
from service.text.wire import body


@pytest.mark.parametrize(
    "text",
    [
        "МОСКВА, 9 фев - РИА Новости. Принят бюджет.",
        "МОСКВА, 9 февраля. /ТАСС/. Принят бюджет.",
        "Москва. 9 февраля. INTERFAX.RU - Принят бюджет.",
        "HANOI (VNA) — Принят бюджет.",
        "HANOI, Feb 9 (VNA) - Принят бюджет.",
        "(Reuters) - Принят бюджет.",
        "Washington (CNN) Принят бюджет.",
        "LONDON — Принят бюджет.",
        "Принят бюджет./.",
        "Зал заседаний. Фото: ВИА)\n\nПринят бюджет.",
        "Minister (R) speaks in the hall. Photo: VNA\n\nПринят бюджет.",
        "Принят бюджет. (File photo: Jane Doe/Reuters)",
        "Принят бюджет.\nПодписывайтесь на наш канал!",
        "Принят бюджет. Sign up for our Daily Newsletters here.",
        "Принят бюджет.\nЧитайте также: другая новость\n",
    ],
)
def test_what_the_wire_adds_goes(text: str) -> None:
    assert body(plain(text)).strip().rstrip(".") == "Принят бюджет"


@pytest.mark.parametrize(
    "text",
    [
        "МВД (ООН) сообщило о взрыве.",
        "The World Health Organization (WHO) said on Monday that cases fell.",
        "В Москве, 9 февраля прошёл форум.",
        "Photographers gathered in the hall.",
    ],
)
def test_a_text_without_additions_stays(text: str) -> None:
    assert body(text) == text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<p>Рост &amp; спад</p><br/>", "Рост & спад"),
        ("<script>var x = 1;</script>Рост", "Рост"),
        ("**Рост** и [спад](https://example.org/x)", "Рост и спад"),
        ("если a < b и b > c", "если a < b и b > c"),
        ("El Niño en São Paulo", "El Niño en São Paulo"),
    ],
)
def test_markup_is_undone(text: str, words: str) -> None:
    assert " ".join(plain(text).split()) == words
