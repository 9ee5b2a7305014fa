"""Other encoders for tests: a tiny real model2vec model, and an endpoint that can misbehave."""

import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
from model2vec import StaticModel
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.normalizers import Lowercase
from tokenizers.pre_tokenizers import Whitespace

MEANINGS = (
    ("dam", "плотина"), ("river", "реке"), ("burst", "прорвана"), ("villages", "деревень"),
    ("bank", "банк"), ("rate", "ставку"), ("kept", "сохранил"), ("inflation", "инфляция"),
)  # fmt: skip
"""Words of one meaning, which the tiny model gives one vector."""
DAM_EN = "Dam burst on river. The dam on the river burst, three villages are flooded."
DAM_RU = "Плотина прорвана на реке. Плотина на реке прорвана, затоплено несколько деревень."
BANK_EN = "Bank kept rate. The bank kept its rate, inflation will slow."


def tiny_model(folder: Path, dimensions: int, *, seed: int = 1) -> Path:
    """A saved model2vec model that knows ``MEANINGS``; other words mean nothing to it."""
    rng = np.random.default_rng(seed)
    vocabulary = {"[UNK]": 0}
    vectors = [np.zeros(dimensions)]
    for words in MEANINGS:
        meaning = rng.normal(size=dimensions)
        for word in words:
            vocabulary[word] = len(vocabulary)
            vectors.append(meaning)
    tokenizer = Tokenizer(WordLevel(vocabulary, unk_token="[UNK]"))  # noqa: S106
    tokenizer.normalizer = Lowercase()
    tokenizer.pre_tokenizer = Whitespace()
    model = StaticModel(np.array(vectors, np.float32), tokenizer)
    model.save_pretrained(folder)
    return folder


Answer = tuple[int, dict[str, str], Any]
"""Status, headers, and what the body's JSON holds."""


@dataclass
class EmbeddingServer:
    """An endpoint that speaks the protocol; ``answers`` come first, in order, one a request."""

    url: str = ""
    dimensions: int = 8
    answers: list[Answer] = field(default_factory=list)
    always: Answer | None = None
    """In place of every vector, until it is None again."""
    seen: list[dict[str, Any]] = field(default_factory=list)
    """The requests: path, headers (names in lower case) and body."""

    may_answer: threading.Event = field(default_factory=threading.Event)
    """Set at first; while it is not, every request waits."""

    def __post_init__(self) -> None:
        self.may_answer.set()

    def answer(self, request: dict[str, Any]) -> Answer:
        self.seen.append(request)
        if not self.may_answer.wait(timeout=5.0):
            return 400, {}, {"error": "nobody let it answer"}
        if self.answers:
            return self.answers.pop(0)
        if self.always is not None:
            return self.always
        texts = request["body"]["input"]
        data = [
            {"index": index, "embedding": hashed(text, self.dimensions)}
            for index, text in enumerate(texts)
        ]
        # The protocol tells the order by index alone.
        return 200, {}, {"object": "list", "data": data[::-1]}


def hashed(text: str, dimensions: int) -> list[float]:
    """The server's vector of a text."""
    octets = hashlib.sha256(text.encode()).digest() * (1 + dimensions // 32)
    return [octet / 128 - 1 for octet in octets[:dimensions]]


@contextmanager
def embedding_server() -> Iterator[EmbeddingServer]:
    """A server on a free port of this machine; ends with the block."""
    endpoint = EmbeddingServer()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(endpoint.answer))
    endpoint.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield endpoint
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(answer: Callable[[dict[str, Any]], Answer]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            status, headers, body = answer({
                "path": self.path,
                "headers": {name.lower(): value for name, value in self.headers.items()},
                "body": json.loads(self.rfile.read(length)),
            })  # fmt: skip
            octets = json.dumps(body).encode()
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(octets))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(octets)

        def log_message(self, *_: object) -> None:
            """A test's output is its own."""

    return Handler
