"""The command line as a user types it: real processes, real files, a real Redis."""

import gzip
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from datasketch import LeanMinHash, bBitMinHash
from redis import Redis

from contracts.consumer import Partition
from contracts.events import STORY_EVENT, Evidence
from contracts.streams import Streams
from tests.support.builders.corpora import article_line, samples, stories_of
from tests.support.wire import harness

ARTICLES = samples(20, reprints=1, seed=21)


def onestory(
    *words: str | Path, stdin: bytes | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run ``onestory`` with these words; output is text."""
    done = subprocess.run(
        [sys.executable, "-m", "workers", *map(str, words)],
        input=stdin,
        capture_output=True,
        timeout=120,
        check=False,
        env=os.environ | {"COLUMNS": "100"} | environment,
    )
    return subprocess.CompletedProcess(
        done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
    )


@pytest.fixture
def feed(tmp_path: Path) -> Path:
    """Articles, one of them twice, and a line that is no article."""
    file = tmp_path / "feed.jsonl"
    lines = [article.line for article in ARTICLES]
    file.write_bytes(b"\n".join([*lines, lines[0], b"{broken", b""]))
    return file


def test_run_accounts_for_every_line_and_writes_events_and_stories(
    feed: Path, tmp_path: Path
) -> None:
    events, stories = tmp_path / "events.jsonl", tmp_path / "stories.jsonl"

    done = onestory("run", feed, "--events", events, "--stories", stories)

    assert done.returncode == 0, done.stderr
    assert "placed" in done.stdout
    assert "1  not-json: " in done.stdout  # one bad line fails no run, and is told
    partition = Partition()
    for line in events.read_bytes().splitlines():
        assert partition.apply(STORY_EVENT.validate_json(line))
    written = [json.loads(line) for line in stories.read_text("utf-8").splitlines()]
    assert {frozenset(story["articles"]) for story in written} == stories_of(ARTICLES)
    assert [story["story_id"] for story in written] == list(partition.stories)
    assert all(story["lead"] in story["articles"] for story in written)
    assert all(story["languages"] == ["en"] for story in written)


def test_run_reads_gzip_and_standard_input_and_needs_no_labels(
    tmp_path: Path,
) -> None:
    """Extra fields such as a gold group never influence the result."""
    plain, labelled = tmp_path / "plain.jsonl", tmp_path / "labelled.jsonl"
    zipped = tmp_path / "feed.jsonl.gz"
    lines = [article.line for article in ARTICLES]
    zipped.write_bytes(gzip.compress(b"\n".join(lines)))
    mislabelled = b"\n".join(
        json.dumps({**json.loads(line), "group": "all one", "suite": "digest"}).encode()
        for line in lines
    )

    first = onestory("run", zipped, "--stories", plain)
    second = onestory("run", "-", "--stories", labelled, stdin=mislabelled)

    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert plain.read_text("utf-8") == labelled.read_text("utf-8")


def test_a_file_without_an_article_fails_and_says_why(tmp_path: Path) -> None:
    """Its private Redis, and the dead letters in it, are gone when anybody could look."""
    wrong = tmp_path / "wrong.jsonl"
    wrong.write_bytes(b'id,title\n1,Fire\n{"headline": "Fire", "body": "Put out"}\n')

    done = onestory("run", wrong)

    assert done.returncode == 1
    assert "No line is an article" in done.stdout
    assert "onestory dead list" not in done.stdout
    assert re.search(r"2 +not-json: .*\n.*\n +id,title", done.stdout)
    assert re.search(r"1 +invalid-article: id: Field required.*\n.*\n +.*Fire", done.stdout)


def test_a_missing_file_is_one_clear_line(tmp_path: Path) -> None:
    done = onestory("run", tmp_path / "none.jsonl")

    assert done.returncode == 1
    assert "none.jsonl: no such file" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["run", "publish", "evaluate"])
def test_a_file_that_breaks_off_is_one_clear_line(
    command: str, tmp_path: Path, redis_url: str, namespace: str
) -> None:
    torn, folder = tmp_path / "torn.jsonl.gz", tmp_path / "folder"
    folder.mkdir()
    torn.write_bytes(gzip.compress(b"\n".join(article.line for article in ARTICLES))[:-20])
    where = ("--redis-url", redis_url, "--namespace", namespace)

    of_torn = onestory(command, torn, *where)
    of_folder = onestory(command, folder, *where)

    assert (of_torn.returncode, of_folder.returncode) == (1, 1)
    assert of_torn.stderr.startswith(f"onestory: {torn}: no whole gzip file: ")
    assert of_folder.stderr == f"onestory: {folder}: a folder; name the files in it\n"


def test_standard_input_that_is_closed_is_one_clear_line(redis_url: str, namespace: str) -> None:
    done = subprocess.run(
        ["/bin/sh", "-c", f"{sys.executable} -m workers publish - <&-"],
        env=os.environ | {"REDIS_URL": redis_url, "ONESTORY_NAMESPACE": namespace},
        capture_output=True,
        check=False,
    )

    assert done.stderr == b"onestory: -: standard input is closed\n"


def test_a_result_that_cannot_be_written_costs_no_run(feed: Path, tmp_path: Path) -> None:
    done = onestory("run", feed, "--stories", tmp_path / "none" / "stories.jsonl")

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.endswith("none/stories.jsonl: No such file or directory\n")


def test_a_server_that_is_not_there_is_one_clear_line(feed: Path) -> None:
    done = onestory("run", feed, "--redis-url", "redis://127.0.0.1:1")

    assert done.returncode == 1
    assert done.stderr.startswith("onestory: Redis: ")
    assert "Traceback" not in done.stderr


def test_a_namespace_that_breaks_the_hash_tag_is_refused(feed: Path) -> None:
    done = onestory("run", feed, "--namespace", "a}b")

    assert done.returncode == 1
    assert "expected 1 to 64 letters" in done.stderr


def test_run_twice_in_one_namespace_repeats_and_keeps_the_partition(
    feed: Path, tmp_path: Path, redis_url: str, namespace: str
) -> None:
    where = ("--redis-url", redis_url, "--namespace", namespace)
    stories, again = tmp_path / "stories.jsonl", tmp_path / "again.jsonl"

    onestory("run", feed, *where, "--stories", stories)
    second = onestory("run", feed, *where, "--stories", again, "--workers", "2")

    assert second.returncode == 0, second.stderr
    assert stories.read_text("utf-8") == again.read_text("utf-8")


def test_the_demo_tells_its_stories_and_links_nothing_wrongly() -> None:
    """The feed is hard on purpose: a rewrite in other words may be missed, and is then said."""
    done = onestory("demo", REDIS_URL="redis://127.0.0.1:1")

    assert done.returncode == 0, done.stderr
    assert done.stderr == "On a private Redis of its own: REDIS_URL is left alone.\n"
    assert "Every line accounted for" in done.stdout
    assert "Put together, but two stories" not in done.stdout
    assert "Strangers" not in done.stdout
    assert done.stdout.count("translation ") >= 16  # every shared story has both languages


def test_evaluate_scores_a_gold_file(tmp_path: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    gold.write_bytes(
        b"\n".join(
            json.dumps({**json.loads(article.line), "group": str(article.story)}).encode()
            for article in ARTICLES
        )
    )

    figures = json.loads(onestory("evaluate", gold, "--json").stdout)

    assert figures["bcubed"] == {"precision": 1.0, "recall": 1.0, "f1": 1.0}
    assert (figures["pairs"]["true"], figures["pairs"]["false"]) == (20, 0)


def test_dead_letters_can_be_read_sent_again_and_dropped(
    tmp_path: Path, redis_url: str, namespace: str, redis_client: Redis
) -> None:
    where = ("--redis-url", redis_url, "--namespace", namespace)
    streams = Streams(namespace)
    feed = tmp_path / "bad.jsonl"
    feed.write_bytes(b'{broken\n{"text": "no id"}\n')
    onestory("run", feed, *where)

    listed = onestory("dead", "list", *where)
    ids = [entry_id for entry_id, _ in harness.entries(redis_client, streams.dead)]
    shown = onestory("dead", "show", ids[0], *where)
    retried = onestory("dead", "retry", ids[0], *where)
    dropped = onestory("dead", "drop", "--all", *where)

    assert "not-json" in listed.stdout
    assert "invalid-article" in listed.stdout
    assert "{broken" in shown.stdout
    assert "1 sent again" in retried.stdout
    ((_, fields),) = harness.entries(redis_client, streams.articles)
    assert fields == {b"data": b"{broken"}
    assert "1 dropped" in dropped.stdout
    assert redis_client.xlen(streams.dead) == 0


def test_a_run_behind_articles_of_others_waits_for_its_own_lines(
    feed: Path, tmp_path: Path, redis_url: str, namespace: str
) -> None:
    """The others' alone make the counts as full as this file would."""
    where = ("--redis-url", redis_url, "--namespace", namespace)
    own, stories = tmp_path / "own.jsonl", tmp_path / "stories.jsonl"
    own.write_bytes(article_line("own", "Own line", "Told by the last line of all, in a run."))
    onestory("publish", feed, *where)

    done = onestory("run", own, *where, "--stories", stories, ONESTORY_BATCH_SIZE="1")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "Every line accounted for" in done.stdout
    assert re.search(r"of others +42  in these counts", done.stdout)
    assert '"own"' in stories.read_text("utf-8")


def test_publish_and_tail_speak_to_workers_elsewhere(
    feed: Path, redis_url: str, namespace: str, redis_client: Redis, tmp_path: Path
) -> None:
    where = ("--redis-url", redis_url, "--namespace", namespace)
    nothing = tmp_path / "nothing.jsonl"
    nothing.write_bytes(b"")

    published = onestory("publish", feed, *where)
    waiting = redis_client.xlen(Streams(namespace).articles)
    onestory("run", nothing, feed, *where)
    told = onestory("tail", "--from-start", "--no-follow", *where)
    as_json = onestory("tail", "--from-start", "--no-follow", "--json", *where)

    assert "42 articles published" in published.stdout
    assert waiting == 42
    assert len(told.stdout.splitlines()) == len(ARTICLES)
    assert all(STORY_EVENT.validate_json(line) for line in as_json.stdout.splitlines())


def test_explain_compares_two_files_and_two_placed_articles(
    feed: Path, tmp_path: Path, redis_url: str, namespace: str
) -> None:
    where = ("--redis-url", redis_url, "--namespace", namespace)
    onestory("run", feed, *where)
    russian, english = tmp_path / "ru.txt", tmp_path / "en.json"
    russian.write_text(
        "Паром «Марко» сел на мель у Вельморы\n\nНа борту были 214 пассажиров, сообщил капитан "
        "Иво Сарнел. В понедельник, 9 февраля, буксиры из Карстада сняли судно с мели.",
        "utf-8",
    )
    english.write_text(
        json.dumps(
            {
                "title": "Ferry Marko runs aground off Velmora",
                "text": "There were 214 passengers on board, captain Ivo Sarnel said. On Monday, "
                "February 9, tugs from Karstad pulled the vessel free.",
            }
        ),
        "utf-8",
    )

    files = onestory("explain", russian, english)
    same = onestory("explain", "s3-0", "s3-1", *where)
    other = onestory("explain", "s3-0", "s4-0", *where)
    unknown = onestory("explain", "s3-0", "nobody", *where)

    assert "One story: translation" in files.stdout
    assert "One story: copy" in same.stdout
    assert "s3-0 when placed: " in same.stdout
    assert "s3-1 when placed: " in same.stdout
    assert "when placed" not in files.stdout
    assert "Two stories" in other.stdout
    assert unknown.returncode == 1
    assert "neither a file nor an article" in unknown.stderr


def test_explain_as_json_holds_signatures_that_datasketch_reads(tmp_path: Path) -> None:
    report = "Паром «Марко» сел на мель у Вельморы, на борту были двести четырнадцать пассажиров"
    files = [tmp_path / "one.txt", tmp_path / "other.txt"]
    files[0].write_text(f"Паром на мели\n\n{report} и капитан", "utf-8")
    files[1].write_text(f"Паром на мели\n\n{report} из Карстада", "utf-8")

    done = onestory("explain", *files, "--json")

    told = json.loads(done.stdout)
    similarity = Evidence.model_validate(told).similarity
    assert similarity is not None
    one, other = (
        bBitMinHash(
            LeanMinHash(
                seed=told["minhash"]["seed"],
                hashvalues=list(bytes.fromhex(article["rows"])),
                scheme=told["minhash"]["scheme"],
            ),
            b=told["minhash"]["b"],
        )
        for article in told["minhash"]["articles"]
    )
    assert [each["article_id"] for each in told["minhash"]["articles"]] == ["one.txt", "other.txt"]
    assert 0.4 < one.jaccard(other) < 1
    assert told["minhash"]["jaccard"] == one.jaccard(other)
    assert similarity.text == pytest.approx(one.jaccard(other), abs=6e-5)


def test_help_does_not_wait_for_datasketch() -> None:
    """It brings scipy, half a second of a command that may only be asked for its options."""
    done = onestory("explain", "--help", PYTHONPROFILEIMPORTTIME="1")

    assert "service.fingerprints.minhash" in done.stderr
    assert "datasketch" not in done.stderr
