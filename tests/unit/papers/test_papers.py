"""Papers say what is so: their links, commands and settings are there, and lists agree."""

import re
from pathlib import Path

import pytest

from tests.unit.papers.markdown import ROOT, anchors, broken, links, papers, spans, text_of
from tests.unit.papers.shown import commands, fault, shown
from workers.settings import Settings

PAPERS = papers()
README = Path("README.md")
INDEX = Path("DECISIONS.md")
SETTINGS = Path("workers/process/README.md")
ROOMS = ("contracts/", "service/", "workers/", "deploy/", "tests/")
MOST_LINES, LONGEST_LINE = 150, 300


def test_the_tree_has_papers() -> None:
    assert {README, INDEX, SETTINGS} < set(PAPERS)


@pytest.mark.parametrize("paper", PAPERS, ids=str)
def test_links_lead_to_files_and_headings(paper: Path) -> None:
    assert [found for each in links(paper) if (found := broken(paper, each))] == []


@pytest.mark.parametrize("paper", PAPERS, ids=str)
def test_paths_in_backticks_are_there(paper: Path) -> None:
    named = [
        each
        for each in spans(paper)
        if each.startswith(ROOMS) and re.search(r"[\s*<…A-Z]", each) is None
    ]

    assert [each for each in named if not (ROOT / each).exists()] == []


@pytest.mark.parametrize("paper", PAPERS, ids=str)
def test_commands_exist_with_the_options_that_are_shown(paper: Path) -> None:
    found = [(words, wrong) for words in shown(paper) if (wrong := fault(words))]

    assert found == []


def test_many_links_and_commands_are_looked_at() -> None:
    ours = [words for paper in PAPERS for words in shown(paper) if words[0] == "onestory"]

    assert len(ours) > 50
    assert sum(len(links(paper)) for paper in PAPERS) > 300


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("onestory diff a b --jsn", "no option --jsn"),
        ("onestory dif a b", "no command dif"),
        ("onestory dead list｜shwo", "no command shwo"),
        ("onestory serve [--hots H]", "no option --hots"),
        ("make tst", "no target tst"),
        ("python -m workers.benhc.watching", "no module workers.benhc.watching"),
        ("python -P -m workers.benhc.watching", "no module workers.benhc.watching"),
        ("python -m tests.fuzz --inptus 3", "tests.fuzz has no option --inptus"),
        ("python tests/browser/pictures.py FOLDER", "no file tests/browser/pictures.py"),
        ("onestory serve [--host H] [--workers N]", None),
        ("onestory COMMAND --help", None),
        ("make demo ARGS=--serve", None),
        ("python3 -m json.tool --no-ensure-ascii", None),
    ],
)
def test_a_wrong_command_is_told_from_a_right_one(line: str, wrong: str | None) -> None:
    (words,) = commands(line)

    assert fault(words) == wrong


@pytest.mark.parametrize("paper", PAPERS, ids=str)
def test_settings_that_are_named_exist(paper: Path) -> None:
    known = {f"ONESTORY_{each.upper()}" for each in Settings.model_fields}
    # Read by scripts and tests, never by a worker.
    known |= {
        "ONESTORY_CHROMIUM",
        "ONESTORY_REDIS_API_PASSWORD",
        "ONESTORY_REDIS_OPERATOR_PASSWORD",
        "ONESTORY_REDIS_WORKER_PASSWORD",
    }
    named = set(re.findall(r"\bONESTORY_[A-Z][A-Z_]*[A-Z]\b", text_of(paper)))

    assert {re.sub("_OLD$", "", each) for each in named} - known == set()


def test_the_table_of_settings_shows_their_defaults() -> None:
    table = text_of(SETTINGS).partition("## Settings")[2].partition("\n## ")[0]
    told: dict[str, str] = {}
    for row in re.findall(r"^\| (`[A-Z].*)$", table, re.MULTILINE):
        names, cell, *_ = (each.strip() for each in row.split("|"))
        found = re.findall(r"`(\w+)`", names)
        told |= dict(zip(found, cell.split(", ") if cell else [""] * len(found), strict=True))

    assert len(told) > 30
    assert told == {name: _default(name) for name in told}


def _default(name: str) -> str:
    value = Settings.model_fields[name.lower()].get_default(call_default_factory=True)
    if isinstance(value, float):
        return f"{value:g}"
    return (
        str(value).lower() if isinstance(value, bool) else str("" if value in (None, {}) else value)
    )


def test_the_readme_is_short() -> None:
    lines = text_of(README).splitlines()

    assert len(lines) <= MOST_LINES
    assert [each for each in lines if len(each) > LONGEST_LINE] == []


def test_the_index_of_decisions_names_each_text_and_what_would_reverse_it() -> None:
    rows = re.findall(r"^\| \[(.+)\]\((\S+)\) \| (\S+) \| (.*) \|$", text_of(INDEX), re.MULTILINE)
    listed = {(target.partition("#")[0], f"{since} {title}") for title, target, since, _ in rows}
    texts = {
        (str(paper), heading)
        for paper in PAPERS
        if paper.name == INDEX.name and paper != INDEX
        for heading in re.findall(r"^## (.+)$", text_of(paper), re.MULTILINE)
    }

    assert listed == texts
    assert len(rows) == len(texts)
    assert [title for title, *_, reversed_by in rows if not reversed_by.strip()] == []


def test_headings_become_anchors_as_github_makes_them() -> None:
    found = anchors(Path("workers/state/DECISIONS.md"))

    assert "2026-11-22-the-event-clock-and-what-expires" in found
