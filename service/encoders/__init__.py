"""Encoders of other models, behind ``Encoder``: model2vec, sentence-transformers, an endpoint.

The one room of ``service`` that reads model files and speaks HTTP. ``choose.py`` picks by a
setting; what each needs is an extra, imported only here and only when it is chosen.
"""

BUNDLED = "bundled"
"""What the setting says for the encoder of this package."""
