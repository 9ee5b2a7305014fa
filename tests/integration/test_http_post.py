"""HTTP POST: delivered and answered, bounded, and closed to strangers."""

import gzip
from collections.abc import AsyncIterator

import anyio
import httpx
import pytest
from pydantic import SecretStr
from redis import Redis
from starlette.applications import Starlette

from tests.support.feeds.samples import published, sample
from tests.support.wire import harness
from workers.api.listen import build_app
from workers.commands.listen import refuse_open
from workers.errors import OnestoryError
from workers.settings import Settings


@pytest.fixture
def settings(redis_url: str, namespace: str) -> Settings:
    return harness.settings_for(redis_url, namespace, feeds_allow_private=True)


def post(app: Starlette, body: bytes, path: str = "/documents", **headers: str) -> httpx.Response:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            named = {
                name.replace("_", "-").encode(): value.encode() for name, value in headers.items()
            }
            return await client.post(path, content=body, headers=named)

    return anyio.run(ask)


def problem(response: httpx.Response) -> tuple[int, str]:
    assert response.headers["content-type"] == "application/problem+json"
    told = response.json()
    assert told["status"] == response.status_code
    return response.status_code, told["detail"]


@pytest.mark.parametrize(
    ("name", "path", "content_type", "accepted", "rejected", "skipped"),
    [
        ("wire.jsonl", "/documents", "application/x-ndjson", 3, 2, 0),
        ("items.ninjs3.json", "/documents?format=ninjs", "text/plain", 3, 3, 1),
        ("message.newsml-g2.xml", "/documents", "application/xml", 3, 2, 2),
        ("feed.rss.xml", "/documents", "application/rss+xml", 4, 1, 0),
        ("feed.atom.xml", "/documents?format=auto", "application/octet-stream", 3, 0, 0),
    ],
)
def test_a_posted_document_is_delivered_and_answered(
    redis_client: Redis,
    settings: Settings,
    name: str,
    path: str,
    content_type: str,
    accepted: int,
    rejected: int,
    skipped: int,
) -> None:
    answer = post(build_app(redis_client, settings), sample(name), path, content_type=content_type)

    told = answer.json()
    assert answer.status_code == 202
    assert (told["accepted"], told["rejected"], told["skipped"]) == (accepted, rejected, skipped)
    assert len(published(redis_client, settings)) == accepted
    assert len(harness.letters(redis_client, settings)) == rejected == len(told["problems"])
    assert all(each["where"] and each["detail"] for each in told["problems"])


@pytest.mark.parametrize(
    ("encoding", "content_type"),
    [
        ("windows-1251", "application/x-ndjson; charset=windows-1251"),
        ("koi8-r", "application/x-ndjson; charset=KOI8R"),
        ("cp866", "application/x-ndjson; charset=utf-8"),
        ("windows-1251", "application/x-ndjson"),
        ("utf-8-sig", "application/x-ndjson; charset=windows-1251"),
        ("utf-16", "application/x-ndjson"),
        ("utf-16-le", "application/x-ndjson"),
    ],
)
def test_posted_lines_are_read_in_the_encoding_that_they_are_in(
    redis_client: Redis, settings: Settings, encoding: str, content_type: str
) -> None:
    lines = '{"id": "a", "title": "Паром вернулся в порт"}\n{"id": "b", "title": "Ёлка"}\n'

    app = build_app(redis_client, settings)
    answer = post(app, lines.encode(encoding), content_type=content_type)

    assert (answer.status_code, answer.json()["accepted"]) == (202, 2)
    titles = [each["title"] for each in published(redis_client, settings)]
    assert titles == ["Паром вернулся в порт", "Ёлка"]


def test_a_body_over_the_limit_is_refused_whether_it_says_so_or_not(
    redis_client: Redis, settings: Settings
) -> None:
    app = build_app(redis_client, settings.model_copy(update={"max_document_bytes": 1_000}))

    async def unsaid() -> httpx.Response:
        async def pieces() -> AsyncIterator[bytes]:
            for _ in range(100):
                yield b"x" * 500

        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            return await client.post("/documents", content=pieces())

    # Who says so is refused at once, be the body as short as it may.
    assert problem(post(app, b"x", content_length="1001"))[0] == 413
    assert problem(post(app, b"x", content_length="9" * 5_000))[0] == 413
    assert problem(post(app, b"x" * 1_001)) == (413, "document over 1000 bytes")
    assert problem(anyio.run(unsaid))[0] == 413
    assert post(app, b'{"id": "a", "title": "b"}').status_code == 202


def test_a_packed_document_is_unpacked_within_the_limit(
    redis_client: Redis, settings: Settings
) -> None:
    app = build_app(redis_client, settings.model_copy(update={"max_document_bytes": 10_000}))
    packed = gzip.compress(sample("feed.atom.xml"))

    taken = post(app, packed, content_encoding="gzip")
    bomb = post(app, gzip.compress(b"\n" * 10_001), content_encoding="gzip")
    other = post(app, packed, content_encoding="br")
    unsaid = post(app, packed)

    assert (taken.status_code, taken.json()["accepted"]) == (202, 3)
    assert problem(bomb)[0] == 413
    assert problem(other)[0] == 415
    assert other.headers["accept-encoding"] == "gzip, deflate"
    assert "without Content-Encoding: gzip" in unsaid.json()["problems"][0]["detail"]


@pytest.mark.parametrize("path", ["/documents", "/documents?format=jsonl", "/documents?format=rss"])
def test_a_document_that_is_not_understood_is_one_letter(
    redis_client: Redis, settings: Settings, path: str
) -> None:
    wire = ("Паром вернулся в порт.\n" * 512).encode()

    told = post(build_app(redis_client, settings), wire, path).json()

    assert (told["accepted"], told["rejected"]) == (0, 1)
    assert told["problems"][0]["detail"].startswith("plain text: “Паром вернулся в порт.")
    assert len(harness.letters(redis_client, settings)) == 1


def test_a_token_is_asked_for_where_one_is_set(redis_client: Redis, settings: Settings) -> None:
    app = build_app(
        redis_client, settings.model_copy(update={"ingest_token": SecretStr("käsekuchen")})
    )
    body = b'{"id": "a", "title": "b"}'

    for said in ("", "Bearer", "Bearer no", "Bearer käsekuche", "käsekuchen", "Basic käsekuchen"):
        wrong = {"authorization": said} if said else {}
        refused = post(app, body, **wrong)
        assert problem(refused)[0] == 401
        assert refused.headers["www-authenticate"] == "Bearer"
    assert published(redis_client, settings) == []
    assert post(app, body, authorization="bearer käsekuchen").status_code == 202


def test_a_page_in_a_browser_can_not_publish_without_a_token(
    redis_client: Redis, settings: Settings
) -> None:
    app = build_app(redis_client, settings)

    refused = post(app, b'{"id": "a", "title": "b"}', origin="https://elsewhere.example")

    assert problem(refused)[0] == 403
    assert published(redis_client, settings) == []


def test_other_mistakes_are_problems_too(redis_client: Redis, settings: Settings) -> None:
    app = build_app(redis_client, settings)
    nobody = build_app(Redis(unix_socket_path="/nonexistent"), settings)

    assert problem(post(app, b" \n"))[0] == 400
    assert problem(post(app, b"x", "/documents?format=docx"))[0] == 400
    assert problem(post(app, b"x", "/elsewhere"))[0] == 404
    assert problem(post(nobody, b'{"id": "a", "title": "b"}'))[0] == 503


def test_a_fault_of_ours_is_a_problem_without_particulars(
    redis_client: Redis, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_document: bytes) -> None:
        raise KeyError("secret")

    monkeypatch.setattr("workers.api.listen.detected", fail)

    status, detail = problem(post(build_app(redis_client, settings), b"x"))

    assert status == 500
    assert "secret" not in detail


@pytest.mark.parametrize("token", ["", "short"])
def test_an_empty_or_short_token_is_refused_with_the_settings(token: str) -> None:
    with pytest.raises(ValueError, match="ingest_token"):
        Settings(ingest_token=SecretStr(token))


def test_nothing_but_this_machine_is_listened_to_without_a_token(settings: Settings) -> None:
    for host in ("127.0.0.1", "::1", "localhost"):
        refuse_open(host, settings)
    for host in ("0.0.0.1", "::", "10.0.0.5", "news.example", ""):
        with pytest.raises(OnestoryError, match="ONESTORY_INGEST_TOKEN"):
            refuse_open(host, settings)
        refuse_open(host, settings.model_copy(update={"ingest_token": SecretStr("t")}))
