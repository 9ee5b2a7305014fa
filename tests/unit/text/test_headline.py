"""Headlines as feeds send them."""

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.article import Article
from service.text.document import document
from service.text.headline import Headline, headline, headline_of


@pytest.mark.parametrize(
    ("title", "stripped"),
    [
        ("UPDATE 2-Quake hits Japan - Reuters", Headline("Quake hits Japan", ("update",))),
        ("CORRECTED-Fed raises rates", Headline("Fed raises rates", ("correction",))),
        ("REFILE-Border opened", Headline("Border opened", ("correction",))),
        ("REPEAT: Border opened", Headline("Border opened", ("repeat",))),
        ("ПОПРАВКА: В Москве открыли мост", Headline("В Москве открыли мост", ("correction",))),
        ("УТОЧНЕНИЕ. Выросло число жертв", Headline("Выросло число жертв", ("correction",))),
        ("ПОВТОР - ЦБ повысил ставку", Headline("ЦБ повысил ставку", ("repeat",))),
        ("ЦБ повысил ставку (обновлено)", Headline("ЦБ повысил ставку", ("update",))),
        ("СРОЧНО: взрыв в порту", Headline("взрыв в порту", ("urgent",))),
        ("Принят бюджет — РИА Новости", Headline("Принят бюджет", ())),
        ("Принят бюджет - РТ на русском", Headline("Принят бюджет", ())),
        ("Budget passed | BBC News", Headline("Budget passed", ())),
    ],
)
def test_headline_tags_and_suffixes_go(title: str, stripped: Headline) -> None:
    assert headline(title) == stripped


@pytest.mark.parametrize(
    "title",
    [
        "Update on the war",
        "Flash floods hit Spain",
        "Kill-switch bill passes",
        "Repeat offenders face jail",
        "CORRECTED",
        "Повторение пройденного",
        "Spartak - Zenit",
    ],
)
def test_a_headline_without_a_tag_stays(title: str) -> None:
    assert headline(title) == Headline(title, ())


KILLED = Headline("Bridge opens", ("kill",))
HELD = Headline("Bridge opens", ("hold",))


@pytest.mark.parametrize(
    ("title", "read"),
    [
        ("<b>KILL:</b> Bridge opens", KILLED),
        ("<b>KILL</b>: Bridge opens", KILLED),
        ("<p>KILL: Bridge opens</p>", KILLED),
        ("<em>HOLD:</em> Bridge opens", HELD),
        ("<p><span class='tag'><b><i>KILL</i></b></span>:</p> Bridge opens", KILLED),
        ("<b title=\"a > b\" data-x='>'>KILL:</b> Bridge opens", KILLED),
        ("<b>K</b>ILL: Bridge opens", KILLED),
        ("KI<b title='>'></b><wbr>LL: Bridge opens", KILLED),
        ("KI<!-- not shown -->LL: Bridge opens", KILLED),
        (f"<span style='{'color: red;' * 200}'>KILL:</span> Bridge opens", KILLED),
        ("<![CDATA[KILL: Bridge opens]]>", KILLED),
        ("<![CDATA[<b>KILL:</b> Bridge opens]]>", KILLED),
        ("<style>b { color: red }</style><b>KILL:</b> Bridge opens", KILLED),
        ("**KILL:** Bridge opens", KILLED),
        ("_KILL_: Bridge opens", KILLED),
        ("[KILL](https://example.org/desk): Bridge opens", KILLED),
        ("&nbsp;KILL: Bridge opens", KILLED),
        ("K&shy;ILL: Bridge opens", KILLED),
        ("&#75;ILL&colon; Bridge opens", KILLED),
        ("&lt;b&gt;KILL:&lt;/b&gt; Bridge opens", KILLED),
        ("&amp;lt;b&amp;gt;KILL:&amp;lt;/b&amp;gt; Bridge opens", KILLED),
        ("K&amp;shy;ILL: Bridge opens", KILLED),
        ("\u00a0\u200b\ufeffKILL: Bridge opens", KILLED),
        ("K\u00adI\u200bL\u2060L: Bridge opens", KILLED),
        ("\u202aKILL\u202c: Bridge opens", KILLED),
        ("\u2067KI\u2069LL: Bridge opens", KILLED),
        ("ＫＩＬＬ：Bridge opens", KILLED),
        ("𝐊𝐈𝐋𝐋: Bridge opens", KILLED),
        ("❗️ KILL: Bridge opens", KILLED),
        ("Bridge opens <b>(KILL)</b>", KILLED),
        ("BREAKING: KILL: Bridge opens", Headline("Bridge opens", ("kill", "urgent"))),
        ("HOLD: <i>CORRECTED</i>: Bridge opens", Headline("Bridge opens", ("hold", "correction"))),
        ("<i>АННУЛИРОВАНО.</i> Bridge opens", KILLED),
        ("АННУ\u00adЛИРУЕТСЯ: Bridge opens", KILLED),
        ("<p>НЕ&nbsp;ДЛЯ&nbsp;ПУБЛИКАЦИИ:</p> Bridge opens", HELD),
        ("<b>UPDATE 2</b>-Bridge opens", Headline("Bridge opens", ("update",))),
    ],
)
def test_a_tag_is_found_however_it_is_wrapped(title: str, read: Headline) -> None:
    assert headline(title) == read


@pytest.mark.parametrize(
    ("title", "tag"),
    [
        ("<i>АННУЛИРОВАНО.</i>", "kill"),
        ("KILL", "kill"),
        ("&nbsp;STORY&nbsp;WITHDRAWN&nbsp;", "kill"),
        ("Не для публикации!", "hold"),
    ],
)
def test_a_headline_that_is_a_grave_tag_says_nothing_else(title: str, tag: str) -> None:
    assert headline(title) == Headline("", (tag,))


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("<b>Kill</b> Bill returns", "Kill Bill returns"),
        ("<b>Kill:</b> Vol. 2 comes to cinemas", "Kill: Vol. 2 comes to cinemas"),
        ("<b>KILL</b> BILL RETURNS", "KILL BILL RETURNS"),
        ("<b>HOLD</b> the front page", "HOLD the front page"),
        ("Killing of a chieftain", "Killing of a chieftain"),
        ("K<b>ILL</b>ING: a chieftain dies", "KILLING: a chieftain dies"),
        ("<p>Kill</p>", "Kill"),
        ("Hold", "Hold"),
        ("Отмена рейсов", "Отмена рейсов"),
        ("<i>Отозвано</i>: 5000 автомобилей", "Отозвано: 5000 автомобилей"),
        ("SKILL: how to learn one", "SKILL: how to learn one"),
        ("<b title='KILL: x'>Bridge</b> opens", "Bridge opens"),
        ("<script>KILL: x</script>Bridge opens", "Bridge opens"),
        ("<!-- KILL: --> Bridge opens", "Bridge opens"),
        ("If a < b, AT&T wins", "If a < b, AT&T wins"),
    ],
)
def test_a_headline_that_only_holds_the_word_stays(title: str, shown: str) -> None:
    assert headline(title) == Headline(shown, ())


def test_signals_and_slug_are_tags_beside_the_headline_s() -> None:
    article = Article(
        id="a", title="<b>CORRECTED:</b> Bridge opens", signals=("embargo",), slug="BRIDGE/UPDATE 2"
    )

    assert headline_of(article) == Headline("Bridge opens", ("hold", "correction", "update"))


def test_a_held_correction_is_matched_as_a_correction() -> None:
    held = Article(id="a", title="HOLD: CORRECTED: Bridge opens", text="It opened on Monday.")

    assert document(held).headline_tag == "correction"


@given(st.text(), st.integers(0, 4))
def test_escaping_and_emphasis_change_no_reading(words: str, times: int) -> None:
    plain_kill, wrapped = f"KILL: {words}", f"<b>KILL:</b> {html.escape(words)}"

    for _ in range(min(times, 2)):
        wrapped = html.escape(wrapped)

    assert headline(wrapped).tags == headline(plain_kill).tags
