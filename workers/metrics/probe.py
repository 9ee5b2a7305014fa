"""Asks a worker on this machine whether it is alive or ready: exit code 0, else 1.

For health checks of containers, which have no curl. ``python -P -m workers.metrics.probe`` needs
50 ms of CPU; ``onestory health`` is the same behind the whole command line, and needs thirty times
that.
"""

import argparse
import json
import os
import sys
from http.client import HTTPConnection, HTTPException

from workers.wording import harmless

CHECKS = ("live", "ready")
_LONGEST_S = 5.0


def asked(check: str, port: int, host: str = "127.0.0.1") -> tuple[bool, str]:
    """Whether the check succeeds, and what was said."""
    where = f"http://{host}:{port}/{check}"
    connection = HTTPConnection(host, port, timeout=_LONGEST_S)
    try:
        connection.request("GET", f"/{check}")
        response = connection.getresponse()
        body = response.read()
    except (OSError, HTTPException) as error:
        return False, f"{where}: {error}"
    finally:
        connection.close()
    if response.status == 200:
        return True, f"{where}: ok"
    try:
        detail = json.loads(body)["detail"]
    except (ValueError, KeyError, TypeError):
        detail = f"status {response.status}"
    return False, f"{where}: {detail}"


def main(arguments: list[str]) -> int:
    """The exit code."""
    parser = argparse.ArgumentParser(prog="python -m workers.metrics.probe", description=__doc__)
    parser.add_argument("check", nargs="?", choices=CHECKS, default="live")
    parser.add_argument(
        "--port", type=int, default=int(os.environ.get("ONESTORY_METRICS_PORT") or 0)
    )
    parser.add_argument("--host", default="127.0.0.1")
    options = parser.parse_args(arguments)
    if not options.port:
        parser.error("which port? Give --port, or set ONESTORY_METRICS_PORT")
    is_well, said = asked(options.check, options.port, options.host)
    print(harmless(said), file=sys.stdout if is_well else sys.stderr)
    return 0 if is_well else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
