"""What breaks a contract is said in the contract's words, whoever says it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import BaseModel, ValidationError, field_validator
from typer.testing import CliRunner

from contracts.article import Article
from contracts.commands import COMMAND
from workers.api.problems import broken, faults
from workers.cli import app
from workers.commands.session import settings_from
from workers.errors import OnestoryError, Unprocessable
from workers.rules.editor import _letter
from workers.state.entries import Entry, article_of, validated
from workers.state.letters import Unreadable, letter_in
from workers.toml_file import read_toml

WORDLESS = {"id": "a", "title": " "}
ALIKE = {"command": "together", "by": "x", "reason": "y", "id": "r", "articles": ["a", "a"]}


def _fault(check: Callable[[], object]) -> ValidationError:
    with pytest.raises(ValidationError) as caught:
        check()
    return caught.value


class Odd(BaseModel):
    number: int

    @field_validator("number")
    @classmethod
    def _odd(cls, value: int) -> int:
        assert value % 2, f"{value} is even"
        return value


def _file(tmp_path: Path, name: str, text: str) -> Path:
    path = tmp_path / name
    path.write_text(text)
    return path


def _of_entry(_: Path) -> str:
    with pytest.raises(Unprocessable) as caught:
        article_of(Entry("1-0", {b"data": json.dumps(WORDLESS).encode()}), 1_000)
    return caught.value.detail


def _of_fields(_: Path) -> str:
    with pytest.raises(Unprocessable) as caught:
        validated({"id": "a\0", "title": "x", "published_at": "0001-01-01T00:00:00Z"})
    return caught.value.detail


def _of_the_api(_: Path) -> str:
    error = _fault(lambda: Article.model_validate(WORDLESS))
    return f"{broken(error).detail} {faults(error)}"


def _of_a_command(_: Path) -> str:
    error = _fault(lambda: COMMAND.validate_python(ALIKE))
    return _letter(Entry("1-0", {}), error).detail


def _of_a_letter(_: Path) -> str:
    with pytest.raises(Unreadable) as caught:
        letter_in({b"data": b"{}"})
    return str(caught.value)


def _of_toml(tmp_path: Path) -> str:
    with pytest.raises(OnestoryError) as caught:
        read_toml(_file(tmp_path, "odd.toml", "number = 2"), Odd)
    return str(caught.value)


def _of_settings(_: Path) -> str:
    with pytest.raises(OnestoryError) as caught:
        settings_from(None, "a b")
    return str(caught.value)


def _of_explain(tmp_path: Path) -> str:
    file = _file(tmp_path, "a.json", json.dumps(WORDLESS))
    done = CliRunner().invoke(app, ["explain", str(file), str(file)], env={"COLUMNS": "200"})
    return done.output


@pytest.mark.parametrize(
    ("told", "says"),
    [
        (_of_entry, "article: neither title nor text holds a word"),
        (_of_fields, "id: id holds a control character"),
        (_of_the_api, "body: neither title nor text holds a word"),
        (_of_a_command, "articles: a rule over two articles, both of them 'a'"),
        (_of_a_letter, "Field required"),
        (_of_toml, "number: 2 is even"),
        (_of_settings, "settings: "),
        (_of_explain, "neither title nor text holds a word"),
    ],
)
def test_a_fault_is_told_without_the_kind_of_error(
    told: Callable[[Path], str], says: str, tmp_path: Path
) -> None:
    said = told(tmp_path)

    assert says in said
    assert "Value error" not in said
    assert "Assertion failed" not in said
