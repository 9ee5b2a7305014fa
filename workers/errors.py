"""Errors of the shell; each docstring is the definition."""

from contracts.dead_letter import Reason


class OnestoryError(Exception):
    """Something a person can put right; the message says how, so no traceback is shown."""


class NoRedisServer(OnestoryError):
    """No ``REDIS_URL``, and no redis-server on this machine that could be started."""


class RedisTooOld(OnestoryError):
    """Only servers older than this project supports are on this machine."""


class RedisDidNotStart(OnestoryError):
    """The private redis-server ended, or stayed silent, before it answered a PING."""


class DataFolderInUse(OnestoryError):
    """Another process holds the data folder, and no server answers in it."""


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


class WorkersFailed(OnestoryError):
    """Worker processes end as soon as they start."""


class WorkerBroken(OnestoryError):
    """A part of a worker ended that must not; the process ends, to be started anew."""


class Unprocessable(Exception):
    """An input entry that can never succeed: it is a dead letter at once, no redelivery."""

    def __init__(self, reason: Reason, detail: str, remedy: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail
        self.remedy = remedy
