"""Servers that refuse: a real one brought to it, and one that knows nothing but its refusal."""

import socket
import socketserver
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from tests.support.redis.servers import wait_until
from tests.support.redis.topologies import Node

_NOT_A_FILE = "no-file"
"""A folder of the server's folder: what is written by this name can't be."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """How a server comes to refuse, and how it comes to take writes again."""

    begin: Sequence[str]
    end: Sequence[str]
    asked: str = "XADD {news}:articles * data {}"
    """What it then refuses."""
    options: tuple[str, ...] = ()


TROUBLES = {
    "NOREPLICAS": Trouble(
        ["CONFIG SET min-replicas-to-write 1"], ["CONFIG SET min-replicas-to-write 0"]
    ),
    "READONLY": Trouble(["REPLICAOF 127.0.0.1 1"], ["REPLICAOF NO ONE"]),
    "MASTERDOWN": Trouble(
        ["CONFIG SET replica-serve-stale-data no", "REPLICAOF 127.0.0.1 1"],
        ["REPLICAOF NO ONE"],
        asked="XRANGE {news}:articles - +",  # a write is READONLY before it is that
    ),
    "OOM": Trouble(["CONFIG SET maxmemory 1"], ["CONFIG SET maxmemory 0"]),
    "MISCONF": Trouble(
        ["BGSAVE"],
        ["CONFIG SET stop-writes-on-bgsave-error no"],
        # And saves now and then, as by default.
        options=("--stop-writes-on-bgsave-error", "yes", "--dbfilename", _NOT_A_FILE),
    ),
    "CLUSTERDOWN": Trouble(
        [],  # it has no slots yet
        [f"CLUSTER ADDSLOTS {' '.join(map(str, range(16_384)))}"],
        options=("--cluster-enabled", "yes"),
    ),
}
"""By the word with which the server refuses."""


@dataclass(frozen=True, slots=True)
class Troubled:
    """A real server that refuses until it is told to `recover`."""

    url: str
    word: str
    _node: Node

    def recover(self) -> None:
        """Let it take writes again; returns once it does."""
        trouble = TROUBLES[self.word]
        for command in trouble.end:
            self._node.ask(*command.split())
        wait_until(
            lambda: not answer(self._node.port, trouble.asked).startswith(b"-"),
            "the server takes writes",
        )


@contextmanager
def troubled(folder: Path, word: str) -> Iterator[Troubled]:
    """A server that refuses with this word."""
    trouble = TROUBLES[word]
    options = ("--bind", "127.0.0.1", *(trouble.options or ("--save", "")))
    node = Node(folder / "server", options)
    node.start()
    try:
        (node.folder / _NOT_A_FILE).mkdir()
        for command in trouble.begin:
            node.ask(*command.split())
        wait_until(
            lambda: answer(node.port, trouble.asked).startswith(b"-%b " % word.encode()),
            f"the server says {word}",
        )
        yield Troubled(f"redis://127.0.0.1:{node.port}", word, node)
    finally:
        node.kill()


def answer(port: int, command: str) -> bytes:
    """The first bytes of what a server answers, before any client has read sense into them."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(command.encode() + b"\r\n")
        return connection.recv(1_000)


@contextmanager
def refusing_server(folder: Path, refusal: str) -> Iterator[str]:
    """The URL of a server that lets a client in and answers all else with this error."""
    path = folder / "refusing.sock"
    with _Server(str(path), _Refusing) as server:
        server.refusal = refusal.encode()
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"unix://{path}"
        finally:
            server.shutdown()
            thread.join()


class _Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    refusal: bytes


_LET_IN = {
    b"HELLO": b"%1\r\n$5\r\nproto\r\n:3\r\n",
    b"CLIENT": b"+OK\r\n",
    b"SELECT": b"+OK\r\n",
}


class _Refusing(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        refused = b"-%b\r\n" % cast(_Server, self.server).refusal
        while words := self._command():
            self.wfile.write(_LET_IN.get(words[0].upper(), refused))

    def _command(self) -> list[bytes]:
        """The next command; empty when the client is gone."""
        count = int(self.rfile.readline()[1:] or b"0")
        return [self.rfile.read(int(self.rfile.readline()[1:]) + 2)[:-2] for _ in range(count)]
