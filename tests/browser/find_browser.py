"""Where a Chromium is, and how one gets onto a machine.

``python tests/browser/find_browser.py`` prints its path; with ``--install`` it gets one first
if there is none: Playwright's own headless build, else, as root on Debian or Ubuntu, the
distribution's. Exit code 1 with what to do, if there is none at the end.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
HOW = (
    "no Chromium found. Install one (apt-get install chromium), or let Playwright fetch its own "
    "(.venv/bin/playwright install chromium-headless-shell), or name one by ONESTORY_CHROMIUM"
)
_BUILDS = (
    "chromium_headless_shell-*/chrome-*/headless_shell",
    "chromium_headless_shell-*/chrome-*/chrome-headless-shell",
    "chromium-*/chrome-*/chrome",
)


def found_browser() -> str | None:
    """Path of a Chromium: ``ONESTORY_CHROMIUM``, one on PATH, or one that Playwright fetched."""
    named = os.environ.get("ONESTORY_CHROMIUM")
    if named:
        return shutil.which(named)
    on_path = (shutil.which(name) for name in NAMES)
    return next((path for path in (*on_path, *_fetched()) if path), None)


def _fetched() -> list[str]:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ms-playwright"
    folder = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or cache)
    return [str(path) for build in _BUILDS for path in sorted(folder.glob(build), reverse=True)]


def _install() -> None:
    ways = [[sys.executable, "-m", "playwright", "install", "chromium-headless-shell"]]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        ways.append(["apt-get", "update"])
        ways.append(["apt-get", "install", "-y", "--no-install-recommends", "chromium"])
    for way in ways:
        print("onestory:", " ".join(way[-4:]), file=sys.stderr)
        try:
            subprocess.run(way, check=False, stdout=sys.stderr, timeout=600)
        except (OSError, subprocess.TimeoutExpired) as error:
            print(f"onestory: {error}", file=sys.stderr)
        if found_browser():
            return


def main() -> int:
    """Print the path; see the top of this module."""
    if "--install" in sys.argv[1:] and not found_browser():
        _install()
    path = found_browser()
    print(path or f"onestory: {HOW}", file=sys.stdout if path else sys.stderr)
    return 0 if path else 1


if __name__ == "__main__":
    sys.exit(main())
