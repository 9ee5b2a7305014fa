"""A model behind HTTP: ``POST {url}/embeddings`` as OpenAI defined it and many servers speak.

Asked with ``{"model": …, "input": [texts]}``, it answers ``{"data": [{"index": 0,
"embedding": […]}, …]}``. The weights are out of sight, so a model is known by its name, the
endpoint's host and the number of dimensions: whoever puts other weights behind the same
name mixes vectors, and no one here can notice.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Self

import httpx
import numpy as np
from numpy.typing import NDArray

from service.encoders.errors import EncoderRefused, EncoderUnavailable, EncoderUnusable

BATCH = 64
"""Texts of one request: at most 384,000 characters, some 150,000 tokens."""
TIMEOUT = httpx.Timeout(30.0, connect=5.0)
ATTEMPTS = 4
FIRST_PAUSE_S = 0.5
"""Doubled after every attempt: 3.5 s in all, and then the worker tries the batch anew."""
LONGEST_PAUSE_S = 10.0
"""However long ``Retry-After`` asks for."""
TRANSIENT = frozenset({408, 409, 425, 429, 500, 502, 503, 504})
OF_THE_TEXT = frozenset({400, 413, 422})
"""Answers that blame what was sent. Any other, such as a key that was revoked, would be the
same for every text, and must not turn a feed into dead letters."""
_SHOWN = 200
"""Characters of an answer that an error quotes."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where to ask, and how to say who asks."""

    url: str
    """Base URL, up to and without ``/embeddings``."""
    key: str | None = field(default=None, repr=False)
    """Sent as a bearer token; None for a server that asks for none."""
    sleep: Callable[[float], None] = field(default=time.sleep, repr=False)
    """Waits so many seconds; a test's own tells what was waited."""

    @property
    def host(self) -> str:
        """Host, and port if it is not the scheme's own; empty if the URL is none.

        >>> Endpoint("https://user:password@Models.example:8443/v1").host
        'models.example:8443'
        """
        try:
            url = httpx.URL(self.url)
        except httpx.InvalidURL:
            return ""
        return url.netloc.decode("ascii") if url.scheme in {"http", "https"} and url.host else ""


class EndpointModel:
    """A ``TextModel`` behind an endpoint."""

    def __init__(self, name: str, endpoint: Endpoint) -> None:
        """Asks for one vector, to learn how many dimensions it has.

        Raises:
            EncoderUnusable: the URL is none, or what it answers is no embedding.
            EncoderUnavailable: it does not answer, or not with success.
        """
        if not endpoint.host:
            raise EncoderUnusable(f"encoder URL {endpoint.url!r}: expected http(s)://HOST[/PATH]")
        self._name = name
        self._endpoint = endpoint
        headers = {"Authorization": f"Bearer {endpoint.key}"} if endpoint.key else {}
        self._client = httpx.Client(headers=headers, timeout=TIMEOUT)
        self.dimensions = 0
        try:
            self.dimensions = self._asked(["one"]).shape[1]
        except EncoderRefused as error:
            self.close()
            raise EncoderUnusable(str(error)) from error
        except EncoderUnavailable:
            self.close()
            raise
        self.version = f"openai/{name}@{endpoint.host}/{self.dimensions}"
        self.sha256 = sha256(self.version.encode()).hexdigest()[:16]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the connections."""
        self._client.close()

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See ``TextModel.vectors``.

        Raises:
            EncoderUnavailable: no connection, or an answer of ``TRANSIENT``, ``ATTEMPTS`` times;
                an answer that is no text's fault, the first time.
            EncoderRefused: an answer of ``OF_THE_TEXT``, or vectors that make no sense.
        """
        batches = [texts[start : start + BATCH] for start in range(0, len(texts), BATCH)]
        return np.concatenate([self._asked(batch) for batch in batches])

    def _asked(self, texts: Sequence[str]) -> NDArray[np.float32]:
        response = self._answer({
            "model": self._name, "input": list(texts), "encoding_format": "float",
        })  # fmt: skip
        if response.status_code in OF_THE_TEXT:
            raise EncoderRefused(self._said(response))
        if not response.is_success:
            raise EncoderUnavailable(f"{self._said(response)}; check URL, key and model")
        try:
            vectors = _in_order(response.json(), len(texts))
        except (ValueError, TypeError, KeyError, LookupError) as error:
            raise EncoderRefused(f"{self._said(response)}: {error}") from error
        if self.dimensions and vectors.shape[1] != self.dimensions:
            raise EncoderUnavailable(
                f"{self._endpoint.host} gave {vectors.shape[1]} dimensions, "
                f"expected {self.dimensions}: is another model behind {self._name!r} now?"
            )
        return vectors

    def _answer(self, question: dict[str, Any]) -> httpx.Response:
        """The first answer that is not a passing failure."""
        url = self._endpoint.url.rstrip("/") + "/embeddings"
        pause, problem = FIRST_PAUSE_S, ""
        for attempt in range(ATTEMPTS):
            if attempt:
                self._endpoint.sleep(min(pause, LONGEST_PAUSE_S))
            pause = FIRST_PAUSE_S * 2**attempt
            try:
                response = self._client.post(url, json=question)
            except httpx.TransportError as error:
                problem = f"{self._endpoint.host}: {type(error).__name__}: {error}"
                continue
            if response.status_code not in TRANSIENT:
                return response
            problem = self._said(response)
            pause = max(pause, _asked_pause(response))
        raise EncoderUnavailable(f"embeddings endpoint, after {ATTEMPTS} attempts: {problem}")

    def _said(self, response: httpx.Response) -> str:
        said = " ".join(response.text.split())[:_SHOWN]
        return f"{self._endpoint.host} answered {response.status_code} {said!r}"


def _asked_pause(response: httpx.Response) -> float:
    """Seconds that ``Retry-After`` asks for; 0 for none, and for a date."""
    asked = response.headers.get("Retry-After", "")
    return float(asked) if asked.isascii() and asked.isdigit() else 0.0


def _in_order(answer: Any, count: int) -> NDArray[np.float32]:
    """The vectors by ``index``, shape (count, d).

    Raises:
        ValueError, TypeError, LookupError: they are not ``count`` finite vectors of one length.
    """
    found = {item["index"]: item["embedding"] for item in answer["data"]}
    if sorted(found) != list(range(count)) or len(answer["data"]) != count:
        raise ValueError(f"expected vectors 0 to {count - 1}, got {len(answer['data'])}")
    vectors = np.array([found[index] for index in range(count)], np.float32)
    if vectors.ndim != 2 or not vectors.shape[1] or not np.isfinite(vectors).all():
        raise ValueError("expected finite vectors of one length")
    return vectors
