"""Encoder and verifier as the settings name them."""

import logging
import os

from service.encoders.choose import load_fingerprinter
from service.encoders.errors import EncoderUnavailable, EncoderUnusable
from service.fingerprints.fingerprinter import Fingerprinter
from service.matching.verify import BUNDLED_ENCODER, Verifier
from workers.errors import OnestoryError
from workers.settings import Settings

log = logging.getLogger("onestory.models")


def models(settings: Settings) -> tuple[Fingerprinter, Verifier]:
    """Fingerprinter and verifier; warns if the one was not trained for the other.

    Raises:
        OnestoryError: one of them can't be used; says what to change.
    """
    key = settings.encoder_key
    try:
        fingerprinter = load_fingerprinter(
            settings.encoder,
            url=settings.encoder_url,
            key=None if key is None else key.get_secret_value(),
            threads=settings.encoder_threads or len(os.sched_getaffinity(0)),
        )
    except (EncoderUnusable, EncoderUnavailable) as error:
        raise OnestoryError(str(error)) from error
    try:
        verifier = Verifier.load(
            settings.verifier,
            settings.operating_point,
            fingerprinter.languages,
            with_opinion=fingerprinter.second is not None,
        )
    except (OSError, ValueError) as error:
        raise OnestoryError(f"ONESTORY_VERIFIER, ONESTORY_OPERATING_POINT: {error}") from error
    _warn_of_mismatch(settings, fingerprinter, verifier.encoder)
    return fingerprinter, verifier


def _warn_of_mismatch(settings: Settings, used: Fingerprinter, trained_for: str) -> None:
    fitting = {used.trained_for}
    if settings.uses_bundled_encoder:
        fitting.add(BUNDLED_ENCODER)
    if trained_for not in fitting:
        log.warning(
            "the verifier was trained for encoder %r and now weighs cosines of %r: its "
            "probabilities are off. Train one (python -m service.training.verifier --encoder %s "
            "--out FILE) and set ONESTORY_VERIFIER=FILE",
            trained_for,
            used.model.version,
            settings.encoder,
        )
