"""Encoders of other models, behind ``Encoder``: model2vec, sentence-transformers, an endpoint.

The one room of ``service`` that reads model files and speaks HTTP. ``choose.py`` picks by a
setting; what each needs is an extra, imported only here and only when it is chosen.
"""

import re

BUNDLED = "bundled"
"""What the setting says for the encoder of this package."""
E5 = "e5"
"""For that encoder and a second opinion by ``E5_MODEL`` beside it."""
E5_MODEL = "multilingual-e5-small"
_NAMED = re.compile(rf"(?<![\w-]){E5_MODEL}(?:-(?:passage|q4|onnx))*(?![\w-])")
"""Other words before or behind it name a model that was made of it, with other vectors."""


def has_second_opinion(spec: str) -> bool:
    """Whether a setting asks for the second opinion: by its name, or by the same model elsewhere.

    >>> [has_second_opinion(spec) for spec in ("e5", "bundled", "model2vec:any")]
    [True, False, False]
    >>> has_second_opinion("sentence-transformers:intfloat/multilingual-e5-small")
    True
    >>> has_second_opinion("openai:multilingual-e5-small-instruct")
    False
    """
    kind, _, name = spec.partition(":")
    elsewhere = kind in {"sentence-transformers", "openai"} and _NAMED.search(name.lower())
    return spec == E5 or bool(elsewhere)
