"""The file of trust, and tokens with names: read whole, or refused in one line."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from service.stories.senders import Trust
from workers.commands.session import settings_from
from workers.errors import OnestoryError
from workers.process.pool import WorkerPool, _environment
from workers.settings import Settings
from workers.trust import trust_of


def read(tmp_path: Path, text: str) -> Trust:
    file = tmp_path / "trust.toml"
    file.write_text(text, "utf-8")
    return trust_of(Settings(trust=file))


def test_without_a_file_everyone_speaks_for_itself() -> None:
    assert trust_of(Settings()) == Trust()


def test_names_are_read_in_any_spelling(tmp_path: Path) -> None:
    text = '[speaks-for]\n"token:Desk" = ["*"]\n"REUTERS" = ["Рейтер", "feed:Reuters-World", ""]'

    assert read(tmp_path, text) == Trust(
        {
            "token:desk": ("*",),
            "source:reuters": ("source:рейтер", "feed:reuters-world", "source:"),
        }
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "speaks-for: Field required"),
        ("[speaks-for\n", "no TOML: .*line 1"),
        ('[speaks-for]\n"a" = ["b"]\n"a" = ["c"]\nx', "no TOML: .*line 3"),
        ('[speaks-for]\n"a" = "b"', "speaks-for.a: Input should be a valid list"),
        ('[speaks-for]\n"a" = [5]', "speaks-for.a.0: Input should be a valid string"),
        ('[speaks-for]\n"a" = ["feed:"]', "speaks-for.a.0: .*names nobody"),
        ('[speaks-for]\n"token: " = ["b"]', "names nobody"),
        ('[speaks_for]\n"a" = ["b"]', "speaks_for"),
        ("[speaks-for]\n[trust]", "trust: Extra inputs"),
    ],
)
def test_a_mistake_is_one_line_with_file_and_place(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(OnestoryError, match=says) as refused:
        read(tmp_path, text)

    assert str(refused.value).startswith(str(tmp_path / "trust.toml"))
    assert "\n" not in str(refused.value)


def test_the_examples_that_deployments_are_given_are_read(tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "deploy" / "trust.toml").read_text("utf-8")

    assert read(tmp_path, text) == Trust()
    assert read(tmp_path, text.replace('# "', '"')) == Trust(
        {"token:desk": ("*",), "source:reuters": ("source:рейтер", "feed:reuters-world")}
    )


def test_a_file_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(OnestoryError, match=r"nowhere\.toml: No such file"):
        trust_of(Settings(trust=tmp_path / "nowhere.toml"))


def test_no_worker_is_started_on_a_file_that_it_would_refuse(tmp_path: Path) -> None:
    settings = Settings(REDIS_URL="unix:///x", trust=tmp_path / "nowhere.toml")

    with pytest.raises(OnestoryError, match=r"nowhere\.toml"):
        WorkerPool(settings, 2)


def test_spellings_of_one_sender_are_added_up(tmp_path: Path) -> None:
    trust = read(tmp_path, '[speaks-for]\n"Reuters" = ["a"]\n"REUTERS" = ["b"]')

    assert trust.voice("source:reuters").mandate[2:] == ("source:a", "source:b")


def test_tokens_are_read_by_name_and_shown_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONESTORY_WRITE_TOKENS", "courier=abc=defgh  desk=12345678")

    settings = Settings(REDIS_URL="unix:///x")

    tokens = {name: each.get_secret_value() for name, each in settings.write_tokens.items()}
    assert tokens == {"courier": "abc=defgh", "desk": "12345678"}
    assert "12345678" not in repr(settings)
    assert "12345678" not in str(_environment(settings))
    monkeypatch.setenv("ONESTORY_WRITE_TOKENS", "")
    assert Settings().write_tokens == {}


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("secret-secret", "number 1 is no NAME=TOKEN"),
        ("desk=short", "the token of desk is shorter than 8"),
        ("a=secret-secret a:b=secret-other", "number 2 is no NAME=TOKEN"),
        ("desk=secret-secret DESK=secret-other", "DESK is there twice"),
        ("a=secret-secret b=secret-secret", "the token of b is another's too"),
        ("=secret-secret", "number 1"),
        ("a=", "number 1"),
    ],
)
def test_a_mistake_in_tokens_quotes_none(
    monkeypatch: pytest.MonkeyPatch, given: str, says: str
) -> None:
    monkeypatch.setenv("ONESTORY_WRITE_TOKENS", given)

    with pytest.raises(OnestoryError, match=says) as refused:
        settings_from(None, None)
    assert "secret" not in str(refused.value)
    with pytest.raises(ValidationError):
        Settings()
