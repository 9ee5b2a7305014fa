"""``python -m workers`` is the command line ``onestory``."""

from workers.cli import app

app()
