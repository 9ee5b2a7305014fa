"""The bundled model: artefacts only, read through ``importlib.resources``."""
