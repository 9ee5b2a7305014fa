"""Content codings of request bodies (RFC 9110, 8.4.1): unpacked piece by piece as they come, so
that a few bytes which stand for gigabytes end at the limit.
"""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from starlette.datastructures import Headers
from starlette.types import Message, Receive

from workers.api.problems import Problem

CODINGS = ("gzip", "deflate")
ACCEPTED: Mapping[str, str] = {"Accept-Encoding": ", ".join(CODINGS)}
"""What an answer says that refuses another one (RFC 9110, 15.5.16)."""
_SPELLED = {"x-gzip": "gzip"}
"""As RFC 9110, 8.4.1.3 asks."""
_PIECE = 65_536
"""Bytes that are unpacked at a time."""
_GZIP, _ZLIB, _RAW = 31, 15, -15
"""``wbits`` of zlib."""
_DEFLATED = 8
"""Low bits of a zlib header; some clients send deflate without one (RFC 9110, 8.4.1.2)."""


def coding_of(headers: Headers) -> str:
    """The one coding of a body; empty without one, and as it was sent if it is not known."""
    named = ",".join(headers.getlist("content-encoding")).lower().split(",")
    codings = [each.strip() for each in named if each.strip() not in {"", "identity"}]
    return ", ".join(_SPELLED.get(each, each) for each in codings)


def without_coding(headers: Sequence[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Headers as they are of the body unpacked."""
    return [each for each in headers if each[0] not in {b"content-encoding", b"content-length"}]


@dataclass(slots=True)
class Unpacking:
    """A body on its way in, unpacked."""

    _receive: Receive
    _coding: str
    _most: int
    """Bytes, unpacked."""
    _size: int = 0
    _packed: bytes = b""
    _unpacker: Any = None
    """Of the member that has begun: a gzip body may be several, one behind the other."""
    _came: bool = False
    """All of it came."""
    _told: bool = False
    """All of it was given out."""

    async def receive(self) -> Message:
        """The next piece, at most ``_PIECE`` bytes.

        Raises:
            Problem: it is of a coding that is not known, broken, or larger than the limit.
        """
        if self._coding not in CODINGS:
            detail = f"a body encoded as {self._coding[:60]!r}, expected {' or '.join(CODINGS)}"
            raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, detail, headers={**ACCEPTED})
        if self._told:
            return await self._receive()
        while not (piece := self._piece()) and not self._came:
            message = await self._receive()
            if message["type"] != "http.request":
                return message
            self._packed += message.get("body", b"")
            self._came = not message.get("more_body", False)
        self._size += len(piece)
        if self._size > self._most:
            detail = f"body over {self._most} bytes, unpacked; send it in parts"
            raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail)
        if not piece and self._unpacker:
            raise self._broken("it breaks off")
        self._told = not piece
        return {"type": "http.request", "body": piece, "more_body": not self._told}

    def _piece(self) -> bytes:
        """What can be unpacked of what came; empty if more must come."""
        while self._packed or self._unpacker:
            if not self._unpacker:
                self._unpacker = zlib.decompressobj(self._bits())
            try:
                piece: bytes = self._unpacker.decompress(self._packed, _PIECE)
            except zlib.error as error:
                raise self._broken(str(error)) from error
            self._packed = self._unpacker.unconsumed_tail
            if self._unpacker.eof:
                self._packed = self._unpacker.unused_data.lstrip(b"\0")  # padding of tapes
                self._unpacker = None
            elif not piece:
                return b""
            if piece:
                return piece
        return b""

    def _bits(self) -> int:
        if self._coding == "gzip":
            return _GZIP
        return _ZLIB if self._packed[0] & 0x0F == _DEFLATED else _RAW

    def _broken(self, why: str) -> Problem:
        return Problem(HTTPStatus.BAD_REQUEST, f"the body is no whole {self._coding}: {why}")
