"""A TCP proxy before Redis that resets connections in the middle of an answer.

A cut between commands costs a worker little. In the middle of an answer it can't know whether
its commit came through.
"""

import asyncio
import contextlib
import socket
import struct
import threading
from collections.abc import Awaitable

_CHUNK = 65_536


class Proxy:
    """Forwards to a server's unix socket, from a free port of this machine."""

    def __init__(self, socket_path: str) -> None:
        self._target = socket_path
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._left: int | None = None
        self.resets = 0
        self.port = 0

    def start(self) -> None:
        self._thread.start()
        self._do(self._listen())

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}"

    def cut_after(self, answer_bytes: int) -> None:
        """Reset all connections when so many more bytes of answers have gone through."""
        self._left = answer_bytes

    def reset(self) -> None:
        """Reset all connections now."""
        self._loop.call_soon_threadsafe(self._abort)

    def end(self) -> None:
        self._do(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _do(self, work: Awaitable[None]) -> None:
        async def done() -> None:
            await work

        asyncio.run_coroutine_threadsafe(done(), self._loop).result(20.0)

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _close(self) -> None:
        self._server.close()
        self._abort()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            with contextlib.suppress(OSError):
                to_reader, to_writer = await asyncio.open_unix_connection(self._target)
                self._writers |= {writer, to_writer}
                await asyncio.gather(
                    self._copy(reader, to_writer, is_answer=False),
                    self._copy(to_reader, writer, is_answer=True),
                )
        finally:
            writer.transport.abort()
            self._tasks.discard(task)

    async def _copy(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, is_answer: bool
    ) -> None:
        try:
            while data := await reader.read(_CHUNK):
                if is_answer and self._left is not None:
                    self._left -= len(data)
                    if self._left <= 0:
                        self._left = None
                        writer.write(data[: len(data) // 2])
                        self._abort()
                        return
                writer.write(data)
                await writer.drain()
        except OSError:
            return
        finally:
            writer.transport.abort()
            self._writers.discard(writer)

    def _abort(self) -> None:
        for writer in self._writers:
            peer = writer.get_extra_info("socket")
            if peer is not None and peer.family == socket.AF_INET:
                # The peer sees a reset, not an end.
                with contextlib.suppress(OSError):
                    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()
            self.resets += 1
        self._writers.clear()
