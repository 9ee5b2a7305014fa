"""``python -m tests.openapi``: linters from npm; exit code 1 if one of them complains."""

import subprocess
import sys
import tempfile
from pathlib import Path

import httpx

from contracts.generate import FOLDER
from tests.support.api.serve_process import running

_HERE = Path(__file__).parent
_NPX = ["npx", "--yes"]
_REDOCLY = [*_NPX, "@redocly/cli@2.77.0", "lint"]
_SPECTRAL = [*_NPX, "@stoplight/spectral-cli@6.16.3", "lint", "--fail-severity"]


def main() -> int:
    """Ask a service of our own for its contract, and show both documents to the linters."""
    with tempfile.TemporaryDirectory() as folder:
        openapi = Path(folder, "openapi.json")
        with running("serve", "--port", "0") as service:
            openapi.write_bytes(httpx.get(service.url + "/openapi.json").content)
        looks = [
            [*_REDOCLY, str(openapi)],
            [*_SPECTRAL, "hint", "--ruleset", str(_HERE / "openapi.yaml"), str(openapi)],
            [
                *(*_SPECTRAL, "error", "--ruleset", str(_HERE / "asyncapi.yaml")),
                str(FOLDER / "asyncapi.json"),
            ],
        ]
        return max(1 if subprocess.run(look, check=False).returncode else 0 for look in looks)


if __name__ == "__main__":
    sys.exit(main())
