"""Encoded bodies: unpacked within the limit, whole or refused."""

import gzip
import random
import tracemalloc
import zlib
from collections.abc import Iterator

import anyio
import httpx
import pytest
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import Message

from workers.api.bodies import Bodies, read_body
from workers.api.codings import Unpacking, coding_of
from workers.api.problems import answer_problems
from workers.settings import Settings

MOST = 300_000
WORDS = ("Паром вернулся в порт. " * 5_000).encode()
NOISE = random.Random(7).randbytes(150_000)


def raw(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


def app() -> Bodies:
    async def reads(request: Request) -> PlainTextResponse:
        return PlainTextResponse((await read_body(request, MOST, "a poem")).hex())

    inner = Starlette(routes=[Route("/", reads, methods=["POST"])])
    answer_problems(inner)
    return Bodies(inner, Settings(api_most_body_bytes=MOST, max_document_bytes=MOST))


def post(body: bytes, *codings: str) -> httpx.Response:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app(), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            headers = [("Content-Encoding", each) for each in codings]
            return await client.post("/", content=body, headers=headers)

    return anyio.run(ask)


@pytest.mark.parametrize("body", [b"{}", WORDS, NOISE], ids=["short", "words", "noise"])
@pytest.mark.parametrize(
    ("coding", "pack"),
    [
        ("gzip", gzip.compress),
        ("GZip", gzip.compress),
        ("x-gzip", gzip.compress),
        ("identity, gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", raw),
        ("identity", bytes),
        ("gzip", lambda body: b"".join(map(gzip.compress, (body[:9], b"", body[9:])))),
        ("gzip", lambda body: gzip.compress(body) + b"\0" * 512),
    ],
)
def test_an_encoded_body_is_read_as_what_it_was(coding: str, pack: object, body: bytes) -> None:
    answer = post(pack(body), coding)  # type: ignore[operator]

    assert (answer.status_code, answer.text) == (200, body.hex())


@pytest.mark.parametrize(
    "codings",
    [("br",), ("zstd",), ("compress",), ("gzip, gzip",), ("gzip", "deflate"), ("x" * 99,)],
)
def test_another_coding_is_refused_with_those_that_are_taken(codings: tuple[str, ...]) -> None:
    answer = post(gzip.compress(b"{}"), *codings)

    assert answer.status_code == 415
    assert answer.headers["accept-encoding"] == "gzip, deflate"
    assert "expected gzip or deflate" in answer.json()["detail"]


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
@pytest.mark.parametrize("damage", ["cut", "flipped", "none of it", "checksum"])
def test_a_body_that_is_not_whole_is_refused(coding: str, damage: str) -> None:
    packed = bytearray(gzip.compress(WORDS) if coding == "gzip" else zlib.compress(WORDS))
    if damage == "cut":
        packed = packed[:-9]
    elif damage == "flipped":
        packed[len(packed) // 2] ^= 0xFF
    elif damage == "none of it":
        packed = bytearray(b"<rss/>")
    else:
        packed[-1 if coding == "deflate" else -5] ^= 0xFF

    answer = post(bytes(packed), coding)

    assert answer.status_code == 400
    assert f"no whole {coding}" in answer.json()["detail"]


def test_nothing_packed_is_an_empty_body() -> None:
    answer = post(gzip.compress(b""), "gzip")

    assert (answer.status_code, answer.json()["detail"]) == (
        400,
        "the body is empty, expected a poem",
    )


@pytest.mark.parametrize("packed", [gzip.compress(bytes(50_000_000)), raw(bytes(50_000_000))])
def test_a_bomb_ends_at_the_limit(packed: bytes) -> None:
    tracemalloc.start()
    try:
        answer = post(packed, "gzip" if packed[:1] == b"\x1f" else "deflate")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert answer.status_code == 413
    assert peak < 10 * MOST


@pytest.mark.parametrize("size", [1, 7, 100_000])
def test_pieces_of_any_size_come_out_in_pieces_that_are_bounded(size: int) -> None:
    packed = gzip.compress(WORDS)
    coming = iter([packed[at : at + size] for at in range(0, len(packed), size)])

    async def read() -> list[bytes]:
        unpacking = Unpacking(lambda: receive(coming), "gzip", 10**9)
        found: list[bytes] = []
        while (message := await unpacking.receive())["more_body"]:
            found.append(message["body"])
        return found

    pieces = anyio.run(read)

    assert b"".join(pieces) == WORDS
    assert max(map(len, pieces)) <= 65_536
    assert all(pieces)


async def receive(coming: Iterator[bytes]) -> Message:
    piece = next(coming, None)
    return {"type": "http.request", "body": piece or b"", "more_body": piece is not None}


def test_a_client_that_leaves_is_no_broken_body() -> None:
    async def left() -> Message:
        return {"type": "http.disconnect"}

    async def read() -> Message:
        return await Unpacking(left, "gzip", 10).receive()

    assert anyio.run(read) == {"type": "http.disconnect"}


def test_a_body_without_a_coding_has_none() -> None:
    assert coding_of(Headers({})) == coding_of(Headers({"content-encoding": " , identity"})) == ""
