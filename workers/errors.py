"""Errors of the shell; each docstring is the definition."""

import errno
import os
from collections.abc import Sequence

from contracts.dead_letter import REMEDIES, Reason

_NAMES_SHOWN = 10


class OnestoryError(Exception):
    """Something a person can put right; the message says how, so no traceback is shown."""

    exit_code = 1
    """Of a command that ends with it."""


class NoRedisServer(OnestoryError):
    """No ``REDIS_URL``, and no redis-server on this machine that could be started."""


class RedisTooOld(OnestoryError):
    """The server, or every one on this machine, is older than this project supports."""


class EvictingServer(OnestoryError):
    """The server drops keys when it is full, so it may lose what it is given without a word."""

    exit_code = os.EX_CONFIG

    def __init__(self, policy: str) -> None:
        super().__init__(
            f"the server's maxmemory-policy is {policy}, expected noeviction: when it is full it "
            "drops articles, stories and the memory of kills without a word. CONFIG SET "
            "maxmemory-policy noeviction, or set it in your provider's console; "
            "ONESTORY_ALLOW_EVICTION=1 works on it all the same"
        )


class RedisDidNotStart(OnestoryError):
    """The private redis-server ended, or stayed silent, before it answered a PING."""


class DataFolderInUse(OnestoryError):
    """Another process holds the data folder, and no server answers in it."""


class BadRedisUrl(OnestoryError):
    """``REDIS_URL`` can't be used; the message shows it without user and password."""

    def __init__(self, shown: str, reason: str) -> None:
        super().__init__(
            f"REDIS_URL {shown}: {reason}. One server: redis://HOST:6379/0, rediss:// (TLS) or "
            "unix:///PATH; Sentinels: redis+sentinel://HOST:26379,HOST:26379/SERVICE/0; a Cluster: "
            "redis+cluster://HOST:6379,HOST:6379"
        )


class ModelMismatch(OnestoryError):
    """The namespace holds fingerprints of another model; vectors of two never mix."""

    def __init__(self, namespace: str, held: str, wanted: str) -> None:
        super().__init__(
            f"namespace {namespace!r} holds fingerprints of model {held!r}, this worker makes "
            f"{wanted!r}, and vectors of two models can't be compared. Either run the new model "
            f"in a namespace of its own (--namespace), and switch over to that when it is the "
            f"better one (deploy/RUNBOOK.md), or, to rebuild this one, stop its workers, "
            f"delete its keys ({{{namespace}}}:*) and publish the articles of the window again"
        )


class SwitchUnfinished(OnestoryError):
    """The namespace is being switched over to another one, or that was interrupted: no worker
    may start before it is complete.
    """

    def __init__(self, namespace: str, to: str) -> None:
        super().__init__(
            f"namespace {namespace!r} is being switched over to {to!r}. If that was interrupted, "
            f"run it again, it goes on where it ended: onestory switch {to} --into {namespace}"
        )


class NotSwitchable(OnestoryError):
    """One namespace can't be switched over to another as they are; nothing was changed."""


class NamespaceInUse(OnestoryError):
    """A replay needs a fresh namespace, and this one holds something."""


class NothingToReplay(OnestoryError):
    """The namespace keeps no input that could be replayed."""


class NotHeld(OnestoryError):
    """The namespace holds no fingerprint of an article, or none any more."""


class NotReplicated(OnestoryError):
    """Articles were published, but a failover at this moment would lose them."""

    def __init__(self, sent: int, held: int, wanted: int) -> None:
        super().__init__(
            f"{held} of {wanted} replicas confirmed the last {sent} articles in time. Publish "
            "again when the replicas are back: what has arrived counts as repeated "
            "(ONESTORY_WAIT_REPLICAS)"
        )


class ServerChanged(OnestoryError):
    """Redis was restarted, or another server took over, in the middle of a run."""

    def __init__(self) -> None:
        super().__init__(
            "Redis was restarted, or another server took over, and may have lost what it wrote "
            "last, lines as well as events. Run the same command again: what is placed counts as "
            "repeated"
        )


class WhichRedis(OnestoryError):
    """A command for a namespace that is there, and neither a server nor a folder is named."""

    def __init__(self) -> None:
        super().__init__("which Redis? Give --redis-url, set REDIS_URL, or give --data-folder")


class EmptyNamespace(OnestoryError):
    """Nothing was ever sent to a namespace that is looked at; most likely it was mistyped."""

    def __init__(self, namespace: str, others: Sequence[str]) -> None:
        shown = ", ".join(others[:_NAMES_SHOWN]) + (", …" if len(others) > _NAMES_SHOWN else "")
        super().__init__(
            f"namespace {namespace!r} holds nothing; "
            + (f"on this server there are: {shown}" if others else "nor does any on this server")
        )


class CantListen(OnestoryError):
    """A port is taken, or may not be taken, or the host has no address on this machine."""

    def __init__(
        self,
        host: str,
        port: int,
        error: OSError,
        *,
        options: str = "--host or --port",
        another: str = "choose another with --port (--port 0 takes a free one)",
    ) -> None:
        """``options`` say where to listen; ``another``: what to do about a port that is taken."""
        is_taken = error.errno == errno.EADDRINUSE
        remedy = (
            f"End what listens there, or {another}"
            if is_taken
            else f"Choose another with {options}"
        )
        super().__init__(f"can't listen at {host} port {port}: {error.strerror or error}. {remedy}")


class WorkersFailed(OnestoryError):
    """Worker processes end as soon as they start."""


class MachineBusy(OnestoryError):
    """Others worked on this machine while it was measured: a rate or a ratio means nothing."""

    exit_code = os.EX_TEMPFAIL

    def __init__(self, load: float, most: float) -> None:
        super().__init__(
            f"others took {load:.2f} of each core while it was measured, at most {most} may be: "
            "rates, ratios and latencies of this run mean nothing and are not printed; CPU times "
            "are. Run it again when the machine is quiet"
        )


class WentBack(Exception):
    """The server is another one, or has lost what it wrote last; what a worker holds in memory
    is read anew before it goes on (``workers/state/era.py``).
    """

    def __str__(self) -> str:
        return "the server has changed, or lost what it wrote last; the window is read anew"


class WorkerBroken(OnestoryError):
    """A part of a worker ended that must not; the process ends, to be started anew."""


class Unprocessable(Exception):
    """An input entry that can never succeed: it is a dead letter at once, no redelivery."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail
        self.remedy = REMEDIES[reason]
