"""Titles, texts and times of RSS and Atom: what is markup, which text is the article."""

from datetime import UTC, datetime
from xml.sax.saxutils import escape

import pytest

from contracts.article import Article
from tests.support.feeds.samples import articles, bad_items, notes, read

NAMESPACES = (
    'xmlns:yandex="http://news.yandex.ru" xmlns:turbo="http://turbo.yandex.ru" '
    'xmlns:rambler="http://news.rambler.ru" xmlns:mailru="http://news.mail.ru/" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:x="urn:x"'
)
TEASER = "<description>Коротко о пароме, и подробности там.</description>"
FULL = "Паром вернулся в порт. На борту было 300 человек.\nНикто не пострадал, сказал капитан."
FULL_HTML = "".join(f"<p>{line}</p>" for line in FULL.split("\n"))
TURBO = (
    "<header><h1>Паром вернулся</h1><h2>Подзаголовок</h2>"
    '<figure><img src="a.jpg"/><figcaption>Паром. Фото: И. Снимков</figcaption></figure>'
    '<menu><a href="/a">Главная</a><a href="/b">Спорт</a></menu></header>'
    "<p>Паром вернулся в порт. На борту было <b>300</b> человек.</p>"
    "<figure><video><source src='a.mp4'>Нет видео</video><figcaption>Порт</figcaption></figure>"
    '<button formaction="tel:+7">Позвонить</button><form data-type="callback">Имя</form>'
    '<p>Читайте также: <a href="/c">Мост закрыт</a></p><ul><li><a href="/d">Трамвай</a></li></ul>'
    '<div data-block="share" data-network="vkontakte"></div>'
    "<p>Никто не пострадал, сказал <a href='/e'>капитан</a>.</p>"
    "<footer>© Курьер</footer>"
)


def rss(item: str, namespaces: str = NAMESPACES) -> bytes:
    head = f'<rss version="2.0" {namespaces}><channel><title>C</title>'
    return f"{head}<item><guid>urn:x:1</guid>{item}</item></channel></rss>".encode()


def atom(entry: str) -> bytes:
    head = '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:x="http://www.w3.org/1999/xhtml">'
    return f"{head}<entry><id>urn:x:1</id>{entry}</entry></feed>".encode()


def only(format_name: str, document: bytes) -> Article:
    (article,) = articles(read(format_name, document))
    return article


@pytest.mark.parametrize(
    ("element", "title"),
    [
        ("<title type='text'>Das &lt;Kino&gt; am See</title>", "Das <Kino> am See"),
        ("<title>Das &lt;Kino&gt; am See</title>", "Das <Kino> am See"),
        ("<title type='text/plain'>Das &lt;Kino&gt;</title>", "Das <Kino>"),
        ("<title><![CDATA[Das <b>Kino</b>]]></title>", "Das <b>Kino</b>"),
        ("<title>Fish &amp;amp; chips</title>", "Fish &amp; chips"),
        ("<title type='html'>Das &lt;b&gt;Kino&lt;/b&gt;</title>", "Das Kino"),
        ("<title type='html'>Das &amp;lt;Kino&amp;gt; am See</title>", "Das <Kino> am See"),
        ("<title type='html'><![CDATA[Fish &amp; <i>chips</i>]]></title>", "Fish & chips"),
        (
            "<title type='xhtml'><x:div>Das <x:b>Kino</x:b> &lt;am&gt; See</x:div></title>",
            "Das Kino <am> See",
        ),
        ("<title type='a/b'>One</title>", "One"),
        ("<title>\n  Two\n  lines\n</title>", "Two lines"),
    ],
)
@pytest.mark.parametrize("end", ["", "<a>"])
def test_an_atom_title_is_what_its_type_says(element: str, title: str, end: str) -> None:
    assert only("atom", atom(element + end)).title == title


@pytest.mark.parametrize("kind", ["", " type='text'", " type='text/plain'"])
@pytest.mark.parametrize("element", ["summary", "content"])
@pytest.mark.parametrize("end", ["", "<a>"])
def test_atom_text_is_literal(element: str, kind: str, end: str) -> None:
    said = f"<title>T</title><{element}{kind}>Das &lt;Kino&gt; &amp;amp; &lt;b&gt;See</{element}>"

    assert only("atom", atom(said + end)).text == "Das <Kino> &amp; <b>See"


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (
            "<content type='html'>&lt;p&gt;One&lt;/p&gt;&lt;p&gt;2 &amp;lt; 3</content>",
            "One\n2 < 3",
        ),
        ("<content type='text/markdown'>_One_ &lt;two&gt;</content>", "_One_ <two>"),
        ("<content type='image/png'>iVBORw0KGgo=</content>", "A summary"),
        ("<content type='application/zip'>UEsDBP//\nAAAAAA==</content>", "A summary"),
        ("<content type='a/b'>T25lIHR3byA8Yj50aHJlZTwvYj4=</content>", "One two three"),
        ("<content src='https://a.example/1'/>", "A summary"),
    ],
)
def test_atom_content_is_read_by_its_type(content: str, text: str) -> None:
    document = atom(f"<title>T</title><summary>A summary</summary>{content}")

    assert only("atom", document).text == text


@pytest.mark.parametrize(
    ("element", "title"),
    [
        ("Das &lt;Kino&gt; am See", "Das <Kino> am See"),
        ("<![CDATA[Das <Kino> am See]]>", "Das <Kino> am See"),
        ("Das &amp;lt;Kino&amp;gt; am See", "Das <Kino> am See"),
        ("Das &lt;b&gt;Kino&lt;/b&gt; &lt;am&gt; See", "Das Kino <am> See"),
        ("<![CDATA[Das <b>Kino</b> am <br>See]]>", "Das Kino am See"),
        ("Das <b>Kino</b> am See", "Das Kino am See"),
        ("Fish &amp; chips", "Fish & chips"),
        ("Fish &amp;amp; chips", "Fish & chips"),
        ("Fish &amp;amp;amp; &amp;amp;quot;chips&amp;amp;quot;", 'Fish & "chips"'),
        ("&amp;lt;b&amp;gt;Fish&amp;lt;/b&amp;gt; and chips", "Fish and chips"),
        ("&lt;b&gt;Fish&lt;/b&gt; &lt;x:y z='1'/&gt;", "Fish <x:y z='1'/>"),
        ("2 &lt; 3 &gt; 1", "2 < 3 > 1"),
        ("«Паром» &lt;вернулся&gt; & в порт", "«Паром» <вернулся> & в порт"),
        ("Das <Kino> am See", "Das <kino> am See"),
    ],
)
@pytest.mark.parametrize("end", ["", "<a>"])
def test_an_rss_title_loses_no_word(element: str, title: str, end: str) -> None:
    assert only("rss", rss(f"<title>{element}</title>{end}")).title == title


@pytest.mark.parametrize("end", ["", "<a>"])
@pytest.mark.parametrize("prefix", ["yandex:", "rambler:", "mailru:", "media:", "x:", "any:", ""])
@pytest.mark.parametrize("name", ["full-text", "fulltext", "full_text"])
def test_a_full_text_is_read_whatever_its_prefix(name: str, prefix: str, end: str) -> None:
    """Also where the prefix is bound to nothing, and in a feed that is not well-formed."""
    for words in (FULL, escape(FULL_HTML), f"<![CDATA[{FULL_HTML}]]>", FULL_HTML):
        element = f"<{prefix}{name} lang='ru'>{words}</{prefix}{name}>"

        assert only("rss", rss(f"{TEASER}{element}{end}")).text == FULL
        assert only("rss", rss(f"{element}{TEASER}{end}")).text == FULL


@pytest.mark.parametrize("end", ["", "<a>"])
@pytest.mark.parametrize("element", ["turbo:content", "yandex:full-text", "rambler:fulltext"])
def test_of_a_page_the_words_of_the_article_are_read(element: str, end: str) -> None:
    content = f"<{element}><![CDATA[{TURBO}]]></{element}>"

    assert only("rss", rss(f"{TEASER}{content}{end}")).text == FULL
    assert only("rss", rss(f"{content}{end}")).text == FULL  # feedparser's summary is all of it


def test_an_item_that_is_no_turbo_page_is_read_as_well() -> None:
    namespaces = 'xmlns:t="http://turbo.yandex.ru"'
    content = f"<t:content><![CDATA[{FULL_HTML}]]></t:content>"
    item = f'</item><item turbo="false"><guid>urn:x:2</guid>{content}'

    found = articles(read("rss", rss(f"<title>T</title>{item}", namespaces)))

    assert [(each.id, each.text) for each in found] == [("urn:x:1", ""), ("urn:x:2", FULL)]


def test_a_teaser_never_stands_for_a_full_text() -> None:
    teaser = "<content:encoded>Паром. &lt;a&gt;Читать далее&lt;/a&gt;</content:encoded>"
    full = f"<yandex:full-text>{FULL}</yandex:full-text>"
    whole = "\n".join(FULL for _ in range(5))

    assert only("rss", rss(teaser + full + TEASER)).text == FULL
    assert only("rss", rss(full + teaser + TEASER)).text == FULL
    assert only("rss", rss(f"<description>{whole}</description>{teaser}")).text == whole
    assert only("rss", rss(f"{teaser}<description>{whole}</description>")).text == whole


@pytest.mark.parametrize(
    ("description", "content", "text"),
    [
        ("Паром вернулся. Никто не пострадал.", "Паром вернулся.", "Паром вернулся. Никто не"),
        ("Подробности — в нашем репортаже с пристани.", "Паром вернулся.", "Паром вернулся."),
        ("Паром вернулся.", "", "Паром вернулся."),
        ("Паром вернулся.", "&lt;img src='a.jpg'/&gt;", "Паром вернулся."),
    ],
)
def test_a_description_stands_for_no_full_text_unless_it_holds_it(
    description: str, content: str, text: str
) -> None:
    item = f"<description>{description}</description><x:fulltext>{content}</x:fulltext>"

    assert only("rss", rss(item)).text.startswith(text)


def test_what_a_picture_shows_is_no_text_while_there_is_another() -> None:
    caption = "<media:description type='plain'>На снимке паром, порт и море.</media:description>"

    assert only("rss", rss(f"<description>Паром.</description>{caption}")).text == "Паром."
    assert only("rss", rss(f"{caption}<description>Паром.</description>")).text == "Паром."
    assert only("rss", rss(caption)).text == "На снимке паром, порт и море."


@pytest.mark.parametrize("end", ["", "<a>"])
def test_related_links_are_not_the_item_s_own(end: str) -> None:
    related = (
        '<yandex:related type="infinity"><link url="https://a.example/2" img="b">Мост</link>'
        "<link>https://a.example/3</link><title>Мост</title></yandex:related>"
    )
    item = f"<title>Паром</title><link>https://a.example/1</link>{related}{TEASER}{end}"

    article = only("rss", rss(item))

    assert (article.title, article.url) == ("Паром", "https://a.example/1")
    assert article.text.startswith("Коротко о пароме")


def test_related_links_that_do_not_end_cost_no_other_item() -> None:
    item = (
        "<title>Паром</title><yandex:related></item><item><guid>urn:x:2</guid><title>Мост</title>"
    )

    assert [each.title for each in articles(read("rss", rss(item)))] == ["Паром", "Мост"]


def test_a_list_of_links_in_any_other_text_is_its_words() -> None:
    content = "<figcaption>A port</figcaption><p><a href='/1'>Dark Imperium</a></p>"
    element = f"<content:encoded><![CDATA[{content}]]></content:encoded>"

    assert only("rss", rss(element)).text == "A port\nDark Imperium"


def test_a_menu_without_an_end_hides_no_article() -> None:
    content = f"<turbo:content><![CDATA[<menu><a>A</a>{FULL_HTML}]]></turbo:content>"

    assert only("rss", rss(content)).text == f"A\n{FULL}"


def test_an_article_of_nothing_but_asides_is_read() -> None:
    content = "<turbo:content><![CDATA[<figcaption>Паром в порту</figcaption>]]></turbo:content>"

    assert only("rss", rss(content)).text == "Паром в порту"


@pytest.mark.parametrize(
    ("date", "hour"),
    [
        ("Thu, 26 Nov 2026 12:00:00 MSK", 9),
        ("Thu, 26 Nov 2026 12:00:00 MSD", 8),
        ("Thu, 26 Nov 2026 12:00:00 CEST", 10),
        ("Thu, 26 Nov 2026 12:00:00 EET", 10),
        ("Thu, 26 Nov 2026 12:00:00 BST", 11),
        ("Thu, 26 Nov 2026 12:00:00 UTC+3", 9),
        ("Thu, 26 Nov 2026 12:00:00 GMT+0300", 9),
        ("Thu, 26 Nov 2026 12:00:00 +0300", 9),
        ("Thu, 26 Nov 2026 12:00:00", 12),
        ("Чт, 26 ноя 2026 12:00:00 +0300", 9),
        ("26 ноября 2026, 12:00", 12),
        ("2026-11-26T12:00:00+03:00", 9),
        ("1795694400", 12),
    ],
)
@pytest.mark.parametrize("end", ["", "<a>"])
def test_a_date_is_read_in_its_zone(date: str, hour: int, end: str) -> None:
    items = read("rss", rss(f"<title>T</title><pubDate>{date}</pubDate>{end}"))

    assert articles(items)[0].published_at == datetime(2026, 11, 26, hour, tzinfo=UTC)
    assert notes(items) == []


@pytest.mark.parametrize(
    "date",
    [
        "0000-00-00 00:00:00",
        "12345678901234567890",
        "17721111",
        "Thu, 26 Nov 2926 12:00:00 GMT",
        "soon",
        "2026 г., ноябрь",
        "2026년 11월 26일 오후 12:00:00",
        "Thu, 26 Nov 2026 12:00:00 QQQ",
    ],
)
def test_a_time_that_can_not_be_costs_a_note_and_itself(date: str) -> None:
    items = read("rss", rss(f"<title>T</title><pubDate>{date}</pubDate>"))

    assert articles(items)[0].published_at is None
    assert [note.where for note in notes(items)] == ["line 1, item[1]/published"]
    assert bad_items(items) == []


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        ("<![CDATA[<p>Fish &amp; chips</p><p>Peas</p>]]>", "Fish & chips\nPeas"),
        ("&lt;p&gt;Fish&lt;/p&gt;&lt;p&gt;Peas&lt;/p&gt;", "Fish\nPeas"),
        ('<div xmlns="http://www.w3.org/1999/xhtml">Of the &lt;p&gt; tag</div>', "Of the <p> tag"),
        ('<div xmlns="http://www.w3.org/1999/xhtml">&lt;Kino&gt; opens</div>', "<Kino> opens"),
    ],
)
def test_html_that_is_put_where_xhtml_belongs_is_read(inside: str, text: str) -> None:
    entry = f"<entry><id>urn:x:1</id><content type='xhtml'>{inside}</content></entry>"
    feed = f"<feed xmlns='http://www.w3.org/2005/Atom'>{entry}</feed>"

    (found,) = articles(read("atom", feed.encode()))

    assert found.text == text
