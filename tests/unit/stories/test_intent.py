"""What a wire wants done with an item."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.article import MAX_VERSION, Article, Status
from service.stories.intent import Intent, Wish, intent


def wished(**fields: Any) -> Intent:
    return intent(Article.model_validate({"id": "a", "title": "Мост открыт", **fields}))


@pytest.mark.parametrize(
    ("fields", "wish"),
    [
        ({}, Wish.PUBLISH),
        ({"status": "withheld"}, Wish.HOLD),
        ({"status": "canceled"}, Wish.KILL),
        ({"status": "stat:canceled"}, Wish.KILL),
        ({"signals": ["sig:update"]}, Wish.PUBLISH),
        ({"signals": "KILL"}, Wish.KILL),
        ({"signals": ["hold"]}, Wish.HOLD),
        ({"slug": "BRIDGE-KOLA/KILL"}, Wish.KILL),
        ({"slug": "ROAD-KILL"}, Wish.PUBLISH),
        ({"title": "KILL: Bridge opens"}, Wish.KILL),
        ({"title": "STORY WITHDRAWN: Bridge opens"}, Wish.KILL),
        ({"title": "Аннулируется: открыт мост"}, Wish.KILL),
        ({"title": "АННУЛИРОВАНО. Открыт мост"}, Wish.KILL),
        ({"title": "<b>KILL:</b> Bridge opens"}, Wish.KILL),
        ({"title": "<i>АННУЛИРОВАНО.</i>"}, Wish.KILL),
        ({"title": "<p>HOLD: Bridge opens</p>", "signals": "update"}, Wish.HOLD),
        ({"title": "KILL: Bridge opens", "signals": "hold"}, Wish.KILL),
        ({"title": "Kill: Vol. 2 comes to cinemas"}, Wish.PUBLISH),
        ({"title": "Отозвано: 5000 автомобилей"}, Wish.PUBLISH),
        ({"title": "Мост открыт. KILL никто не говорил"}, Wish.PUBLISH),
        ({"title": "HOLD FOR RELEASE: Budget"}, Wish.HOLD),
        ({"title": "ЭМБАРГО: Бюджет"}, Wish.HOLD),
        ({"title": "Hold: how a habit forms"}, Wish.PUBLISH),
        ({"title": "ЭМБАРГО: Бюджет", "embargoed": "2026-03-02T10:00:00Z"}, Wish.PUBLISH),
    ],
)
def test_status_signals_slug_and_headline_say_it(fields: dict[str, Any], wish: Wish) -> None:
    assert wished(**fields).wish is wish


def test_a_kill_is_about_the_item_that_it_names() -> None:
    assert wished(status="canceled", replaces="b", version=3) == Intent(Wish.KILL, "b", MAX_VERSION)
    assert wished(status="canceled", version=3) == Intent(Wish.KILL, "a", 3)
    assert wished(status="canceled") == Intent(Wish.KILL, "a", MAX_VERSION)


def test_only_a_tag_that_names_nothing_is_a_guess() -> None:
    assert wished(title="KILL: Bridge").is_guess
    assert wished(signals=["kill"]).is_guess
    assert not wished(title="KILL: Bridge", replaces="b").is_guess
    assert not wished(status="canceled").is_guess


def test_no_version_is_none_however_it_is_said() -> None:
    for said in ({}, {"version": None}, {"version": ""}):
        assert wished(status="canceled", **said).through == MAX_VERSION
        assert wished(status="withheld", **said).through == MAX_VERSION
        assert wished(**said) == Intent(Wish.PUBLISH, "a", 1)


_TIMES = st.none() | st.integers(-5_000_000_000, 7_000_000_000).map(
    lambda seconds: datetime.fromtimestamp(seconds, UTC)
)
_WORDS = st.sampled_from(["Bridge opens", "KILL: Bridge", "HOLD: Bridge", "ПОПРАВКА: Мост", "Мост"])


@given(
    st.builds(
        Article,
        id=st.sampled_from("ab"),
        title=_WORDS,
        text=st.sampled_from(["", "Traffic started."]),
        version=st.none() | st.integers(0, MAX_VERSION),
        status=st.sampled_from(Status),
        embargoed=_TIMES,
        published_at=_TIMES,
        signals=st.lists(st.sampled_from(["kill", "hold", "update", "correction"])).map(tuple),
        slug=st.none() | st.sampled_from(["BRIDGE/KILL", "BRIDGE/UPDATE 2"]),
        replaces=st.none() | st.sampled_from("ab"),
    )
)
def test_an_article_written_and_read_again_has_the_same_effect(article: Article) -> None:
    """With every field written, as generated types write it, or with only those that were set."""
    for written in (article.model_dump_json(), article.model_dump_json(exclude_unset=True)):
        again = Article.model_validate_json(written)

        assert again == article
        assert intent(again) == intent(article)
        assert again.effective_version == article.effective_version
