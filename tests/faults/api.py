"""The HTTP API as a process that dies, and what its clients do about it."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from contracts.events import STORY_EVENT
from tests.faults.consumer import Account
from workers.process.pool import _environment
from workers.settings import Settings

_AGAIN_S = 0.2
_SILENT_S = 20.0
"""Longer than the server's heartbeat."""


class Api:
    """One `onestory serve`, always at the same port."""

    def __init__(self, settings: Settings, log: Path) -> None:
        self._settings = settings
        self._log = log
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "workers", "serve", "--port", str(self._port)],
                env=os.environ | _environment(self._settings),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def end(self, number: int = signal.SIGTERM) -> None:
        """By that signal; returns when it is gone."""
        assert self._process is not None
        self._process.send_signal(number)
        try:
            self._process.wait(30.0)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def not_ready(self) -> str:
        """Why it says that it is not ready; empty if it is, or does not answer."""
        with contextlib.suppress(httpx.HTTPError):
            answer = httpx.get(f"{self.url}/ready", timeout=5.0)
            return answer.text if answer.status_code == 503 else ""
        return ""

    def submit(self, bodies: list[bytes], ended: threading.Event) -> list[str]:
        """Send a batch until it is taken whole, or the run has ended; what was refused of it."""
        while not ended.is_set():
            with contextlib.suppress(httpx.HTTPError):
                answer = httpx.post(
                    f"{self.url}/v1/articles",
                    content=b"\n".join(bodies),
                    headers={"Content-Type": "application/x-ndjson"},
                    timeout=20.0,
                )
                said = answer.json() if answer.status_code == 200 else {}
                if said.get("accepted") == len(bodies):
                    return []
                if said.get("refused_count"):
                    return [answer.text[:300]]
            ended.wait(_AGAIN_S)
        return []


@dataclass(slots=True)
class Listener:
    """Follows server-sent events, and resumes behind the last one that it got."""

    url: str
    account: Account = field(default_factory=Account)
    wrong: list[str] = field(default_factory=list)
    resumed: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _ended: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def end(self) -> None:
        self._ended.set()
        if self._thread is not None:
            self._thread.join()

    def start_over(self, known: int | None = None) -> None:
        """As `Consumer.start_over`."""
        with self._lock:
            self.wrong += self.account.wrong[:known]
            self.account = Account()

    def _run(self) -> None:
        while not self._ended.is_set():
            with contextlib.suppress(httpx.HTTPError):
                self._listen(self.account)
            self._ended.wait(_AGAIN_S)

    def _listen(self, account: Account) -> None:
        """One connection, for as long as it lasts and this account is kept."""
        asked = {} if account.last == "0" else {"Last-Event-ID": account.last}
        timeout = httpx.Timeout(5.0, read=_SILENT_S)
        with httpx.stream(
            "GET", f"{self.url}/v1/events?from=start", headers=asked, timeout=timeout
        ) as stream:
            stream.raise_for_status()
            self.resumed += bool(asked)
            told: dict[str, str] = {}
            for line in stream.iter_lines():
                if self._ended.is_set() or account is not self.account:
                    return
                if line:
                    name, _, value = line.partition(":")
                    told[name] = value.removeprefix(" ")
                else:
                    self._take(account, told)
                    told = {}

    def _take(self, account: Account, told: dict[str, str]) -> None:
        with self._lock:
            if account is not self.account:
                return
            if told.get("event") == "gap":
                self.wrong.append(f"a gap behind {account.last}: {told.get('data')}")
            elif "data" in told:
                account.take(STORY_EVENT.validate_json(told["data"]))
                account.last = told["id"]
