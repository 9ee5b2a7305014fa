"""Names of streams: clients in any language build them by hand, so they never change."""

import pytest

from contracts.streams import GROUP, Streams


def test_names_hold_the_namespace_in_literal_braces() -> None:
    streams = Streams("news")

    assert (streams.articles, streams.stories, streams.dead) == (
        "{news}:articles",
        "{news}:stories",
        "{news}:dead",
    )
    assert GROUP == "dedup"


@pytest.mark.parametrize("namespace", ["a", "News-2026_ru.eu", "7", "x" * 64])
def test_a_namespace_of_letters_digits_and_marks_is_taken(namespace: str) -> None:
    assert Streams(namespace).articles == "{" + namespace + "}:articles"


@pytest.mark.parametrize(
    "namespace", ["", "a b", "{news}", "a:b", "-a", "новости", "x" * 65, "a\n"]
)
def test_any_other_namespace_is_refused_by_name(namespace: str) -> None:
    with pytest.raises(ValueError, match="namespace"):
        Streams(namespace)
