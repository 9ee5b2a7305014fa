"""The table's trials on the server that comes with onestory."""

import pytest

from tests.servers.trials import TRIALS, tried
from workers.connection.server_binary import find_redis_binary


@pytest.mark.slow
def test_the_embedded_server_passes_every_trial() -> None:
    said = dict(zip(TRIALS, tried(find_redis_binary()), strict=True))

    assert not [each for each in said.values() if each.startswith("fails")], said
    assert said["trimmed before it was read"] == said["deleted while pending"] == "20 of 20 told"
