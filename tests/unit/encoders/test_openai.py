"""An endpoint over real HTTP: what is asked, what is tried again, what is an error."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from service.encoders.errors import EncoderRefused, EncoderUnavailable, EncoderUnusable
from service.encoders.openai import ATTEMPTS, BATCH, Endpoint, EndpointModel
from tests.support.builders.encoders import Answer, EmbeddingServer, embedding_server, hashed

BUSY: Answer = (429, {}, {"error": "slow down"})
BROKEN: Answer = (500, {}, {"error": "out of order"})


@dataclass
class Pauses:
    """Takes the place of sleeping, and remembers."""

    taken: list[float] = field(default_factory=list)

    def __call__(self, seconds: float) -> None:
        self.taken.append(seconds)


@pytest.fixture
def server() -> Iterator[EmbeddingServer]:
    with embedding_server() as running:
        yield running


@pytest.fixture
def pauses() -> Pauses:
    return Pauses()


@pytest.fixture
def model(server: EmbeddingServer, pauses: Pauses) -> Iterator[EndpointModel]:
    """A model that has asked once, for its dimensions."""
    with EndpointModel("small", Endpoint(server.url, "secret", pauses)) as made:
        yield made


def test_vectors_come_in_the_order_of_their_texts(model: EndpointModel) -> None:
    vectors = model.vectors(["плотина", "dam", "bank"])

    assert vectors.tolist() == [hashed(text, 8) for text in ("плотина", "dam", "bank")]


def test_model_texts_and_key_are_sent(server: EmbeddingServer, model: EndpointModel) -> None:
    model.vectors(["dam"])

    asked = server.seen[-1]
    assert asked["path"] == "/v1/embeddings"
    assert asked["body"] == {"model": "small", "input": ["dam"], "encoding_format": "float"}
    assert asked["headers"]["authorization"] == "Bearer secret"


def test_without_a_key_none_is_sent(server: EmbeddingServer) -> None:
    with EndpointModel("small", Endpoint(f"{server.url}/")):
        pass

    assert server.seen[0]["path"] == "/v1/embeddings"
    assert "authorization" not in server.seen[0]["headers"]


def test_many_texts_are_asked_in_batches(server: EmbeddingServer, model: EndpointModel) -> None:
    texts = [f"text {number}" for number in range(2 * BATCH + 1)]

    vectors = model.vectors(texts)

    assert [len(asked["body"]["input"]) for asked in server.seen[1:]] == [BATCH, BATCH, 1]
    assert vectors.tolist() == [hashed(text, 8) for text in texts]


def test_a_busy_endpoint_is_asked_again_after_the_pause_it_asks_for(
    server: EmbeddingServer, model: EndpointModel, pauses: Pauses
) -> None:
    server.answers = [BUSY, (429, {"Retry-After": "3"}, {}), (503, {"Retry-After": "3600"}, {})]

    vectors = model.vectors(["dam"])

    assert vectors.tolist() == [hashed("dam", 8)]
    assert pauses.taken == [0.5, 3.0, 10.0]


def test_an_endpoint_that_stays_broken_is_unavailable(
    server: EmbeddingServer, model: EndpointModel, pauses: Pauses
) -> None:
    server.always = BROKEN

    with pytest.raises(EncoderUnavailable, match=f"after {ATTEMPTS} attempts.*500.*out of order"):
        model.vectors(["dam"])

    assert pauses.taken == [0.5, 1.0, 2.0]
    assert len(server.seen) == 1 + ATTEMPTS


def test_an_endpoint_that_is_gone_is_unavailable(pauses: Pauses) -> None:
    with embedding_server() as server:
        model = EndpointModel("small", Endpoint(server.url, None, pauses))

    with model, pytest.raises(EncoderUnavailable, match=r"127\.0\.0\.1:\d+: Connect"):
        model.vectors(["dam"])


def _vectors(*vectors: Any, first: int = 0) -> Answer:
    data = [{"index": first + at, "embedding": vector} for at, vector in enumerate(vectors)]
    return 200, {}, {"data": data}


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        pytest.param(_vectors([1.0] * 8), "expected vectors 0 to 1, got 1", id="too few"),
        pytest.param(_vectors(*[[1.0] * 8] * 3), "0 to 1, got 3", id="too many"),
        pytest.param(_vectors(*[[1.0] * 8] * 2, first=1), "0 to 1, got 2", id="wrong index"),
        pytest.param(_vectors([1.0] * 8, [1.0] * 7), "inhomogeneous", id="uneven"),
        pytest.param(_vectors([float("nan")] * 8, [1.0] * 8), "finite", id="not finite"),
        pytest.param((200, {}, {"data": None}), "answered 200", id="no data"),
        pytest.param((200, {}, []), "answered 200", id="no object"),
        pytest.param((400, {}, {"error": "too long"}), "400.*too long", id="refused"),
    ],
)
def test_an_answer_that_makes_no_sense_is_not_asked_for_again(
    server: EmbeddingServer, model: EndpointModel, pauses: Pauses, answer: Answer, problem: str
) -> None:
    server.answers = [answer]

    with pytest.raises(EncoderRefused, match=problem):
        model.vectors(["dam", "bank"])

    assert pauses.taken == []


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        pytest.param((401, {}, {"error": "key revoked"}), "401.*revoked.*check URL", id="key"),
        pytest.param((404, {}, {"error": "no such model"}), "404.*no such model", id="model"),
        pytest.param((302, {"Location": "/x"}, {}), "302", id="elsewhere"),
        pytest.param(_vectors([1.0] * 7), "7 dimensions, expected 8: is another", id="other model"),
    ],
)
def test_what_is_no_texts_fault_is_not_blamed_on_one(
    server: EmbeddingServer, model: EndpointModel, pauses: Pauses, answer: Answer, problem: str
) -> None:
    """A key that is revoked at night must not turn the feed into dead letters."""
    server.answers = [answer]

    with pytest.raises(EncoderUnavailable, match=problem):
        model.vectors(["dam"])

    assert pauses.taken == []


def test_an_endpoint_of_another_kind_is_told_at_start(server: EmbeddingServer) -> None:
    server.always = (200, {}, {"hello": "world"})

    with pytest.raises(EncoderUnusable, match=r"answered 200.*hello"):
        EndpointModel("small", Endpoint(server.url))


def test_a_wrong_key_is_told_at_start_and_the_key_is_not(server: EmbeddingServer) -> None:
    server.always = (401, {}, {"error": "no such key"})

    with pytest.raises(EncoderUnavailable, match=r"401.*check URL, key and model") as caught:
        EndpointModel("small", Endpoint(server.url, "secret"))

    assert "secret" not in str(caught.value)
    assert "secret" not in repr(Endpoint(server.url, "secret"))


@pytest.mark.parametrize(
    "url",
    ["localhost:8080/v1", "file:///etc/passwd", "http://", "http://a:b", "http://\0"],
)
def test_a_url_that_is_none_is_told_at_start(url: str) -> None:
    with pytest.raises(EncoderUnusable, match="expected http"):
        EndpointModel("small", Endpoint(url))


def test_the_version_names_model_host_and_dimensions(server: EmbeddingServer) -> None:
    address = server.url.removeprefix("http://")

    with EndpointModel("small", Endpoint(f"http://user:password@{address}")) as model:
        assert model.version == f"openai/small@{address.removesuffix('/v1')}/8"
