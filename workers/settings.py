"""Settings of the workers: one frozen object, built at the entry point and passed down."""

import re
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, SecretStr
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from contracts.streams import Streams
from service.encoders import BUNDLED, has_second_opinion
from workers.keys import Keys

HOUR_MS = 3_600_000
ENCODER_BATCH = 100
OPINION_BATCH = 32
"""Of 100 ms each on one core: a batch of three seconds, in which a copy costs nothing."""


_SENDER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")
_SHORTEST_TOKEN = 8


def _named_tokens(value: Any) -> Any:
    """``"desk=TOKEN wire=TOKEN"`` by name. Its errors quote no token."""
    if not isinstance(value, str):
        return value
    tokens: dict[str, SecretStr] = {}
    for place, pair in enumerate(value.split(), start=1):
        name, _, token = pair.partition("=")
        if not token or not _SENDER.fullmatch(name):
            raise ValueError(f"number {place} is no NAME=TOKEN, of letters, digits, '.', '_', '-'")
        if len(token) < _SHORTEST_TOKEN:
            raise ValueError(f"the token of {name} is shorter than {_SHORTEST_TOKEN} characters")
        if name.lower() in {each.lower() for each in tokens}:
            raise ValueError(f"{name} is there twice")
        if token in {each.get_secret_value() for each in tokens.values()}:
            raise ValueError(f"the token of {name} is another's too, so it names nobody")
        tokens[name] = SecretStr(token)
    return tokens


class Settings(BaseSettings):
    """Read from the environment: ``REDIS_URL`` and ``ONESTORY_*``.

    Every field can be set as ``ONESTORY_<NAME>``, for example ``ONESTORY_WINDOW_HOURS=24``.
    """

    model_config = SettingsConfigDict(env_prefix="ONESTORY_", frozen=True, extra="ignore")

    redis_url: str | None = Field(default=None, validation_alias="REDIS_URL", repr=False)
    """One server, Sentinels or a Cluster (``connection/url.py``); without it a private server is
    started."""
    namespace: str = "onestory"
    data_folder: Path | None = None
    """Where the embedded Redis keeps its data; without it the data go with the process."""

    allow_eviction: bool = False
    """Work on a server that drops keys when it is full (``connection/guard.py``)."""

    encoder: str = BUNDLED
    """``bundled``, ``e5``, ``model2vec:NAME``, ``sentence-transformers:NAME`` or ``openai:MODEL``;
    see ``service/encoders/choose.py``. Another encoder needs another namespace.
    """
    encoder_threads: int = Field(default=0, ge=0)
    """On which ``e5`` reads texts side by side; 0: as many as the process may use cores. Where
    processor time is limited, as a container's may be, all cores are seen: name the share."""
    encoder_url: str | None = None
    """Base URL of the endpoint of ``openai:MODEL``, such as ``http://localhost:8080/v1``."""
    encoder_key: SecretStr | None = None
    """Its API key; without one none is sent."""
    verifier: Path | None = None
    """A file of ``service.training.verifier`` in place of the bundled one, for other encoders."""
    operating_point: str = "story"
    """Thresholds by name: ``story``, ``event`` (looser: most of what two outlets report of one
    event in their own words) or ``strict`` (95 of 100 links of a day are right); others if the
    verifier's file has them."""

    window_hours: float = Field(default=72.0, gt=0)
    """Two articles further apart in event time are never one story."""
    epochs_per_window: int = Field(default=2, ge=1, le=16)
    """Expiry drops whole slices of time: an article is held for at most 1 + 1/this windows."""
    window_folder: Path = Path("/dev/shm")  # noqa: S108 - a folder of its own there is this user's alone
    """Where the workers of a host share the window's fingerprints (``window/shared_folder.py``):
    memory, or a disk. Where there is no room each worker takes 1.1 kB an article more."""
    batch_size: int = Field(default=500, ge=1, le=2000)
    """Entries taken at once when so many wait: 500 take a third of a second. Another encoder
    than the bundled one gets at most ``ENCODER_BATCH``, and one with a second opinion
    ``OPINION_BATCH``, since their batches take seconds.
    """
    neighbours: int = Field(default=12, ge=1, le=128)
    """Nearest articles that are verified. With 8, some that outvote a wrong match are missing
    (flashes of dev with a stranger: 3.9 % instead of 1.3 %); 16 change nothing. A fourth is for
    other languages than the article's, if there are any near.
    """
    least_cosine: float = Field(default=0.2, ge=-1.0, le=1.0)
    """Neighbours below this are not verified. With 0.3 some true pairs are never compared: of
    flashes of dev 0.8 % (with 0.2 none), of own reports in two languages 32 % (28 %). Of long texts
    0.2 asks for a thirtieth more candidates, of headlines with a description for a third.
    """
    bucket_mates: int = Field(default=6, ge=0, le=128)
    """Articles with the most shared LSH buckets that are verified; a fourth as above."""

    max_deliveries: int = Field(default=5, ge=1)
    """An entry that failed so often, with an error or as the only one in hand when its worker died,
    is a dead letter. What is delivered beside others is not counted against it."""
    reclaim_idle_ms: int = Field(default=15_000, ge=100)
    """Pending entries idle for longer belong to a dead worker.

    Ten times the slowest batch measured; too low and two live workers do the same work.
    """
    reclaim_interval_ms: int = Field(default=2_000, ge=20)
    sweep_interval_ms: int = Field(default=5_000, ge=10)
    poll_ms: int = Field(default=250, ge=1)
    """How long one blocking read waits; a stop takes no longer than this."""
    max_entry_bytes: int = Field(default=8_000_000, ge=1_000)
    """Of one entry, and of all that a worker takes at once: 500 articles of 16 kB, where 3 kB are
    usual. A larger entry is a dead letter without its body, since reading it would take the memory
    that a worker has."""
    keep_input: bool = False
    """Leave placed entries in ``{NS}:articles``; by default they are deleted."""
    events_hours: float = Field(default=168.0, gt=0)
    """How long ``{NS}:stories`` keeps events, by the server's clock."""

    dead_days: float = Field(default=30.0, gt=0)
    """How long a dead letter waits for somebody, by the server's clock. Those that go are
    counted."""
    dead_bytes: int = Field(default=256_000_000, ge=1_000_000)
    """What all of them may take of Redis' memory; beyond it the oldest go. A quarter of what a
    small server has: whoever sends nothing but broken entries must not fill it."""

    wait_replicas: int = Field(default=0, ge=0)
    """Of the server that `publish` and `run` write to: how many must have an article before it
    counts as published. Without, a failover may lose what was published in the last moment."""

    max_document_bytes: int = Field(default=10_000_000, ge=1_000)
    """Of one document, unpacked: a thousand long items. Reading it takes ten seconds at most."""
    feeds_allow_private: bool = False
    """Let ``onestory poll`` ask hosts with private, loopback or link-local addresses. Off, since
    whoever can edit a feed, or its redirect, could else read what only this machine can reach.
    """
    ingest_token: SecretStr | None = Field(default=None, min_length=_SHORTEST_TOKEN)
    """Bearer token that ``onestory listen`` asks for; needed to listen beyond 127.0.0.1. An
    empty one, of a variable that a deployment forgot to fill, would let everyone in."""
    read_token: SecretStr | None = Field(default=None, min_length=_SHORTEST_TOKEN)
    """Bearer token that `onestory serve` asks for; needed, or the next one, to serve beyond this
    machine. Once either is set, nothing is answered without one."""
    write_token: SecretStr | None = Field(default=None, min_length=_SHORTEST_TOKEN)
    """The same for articles, documents and editors' rules; it may read too."""
    write_tokens: Annotated[dict[str, SecretStr], NoDecode, BeforeValidator(_named_tokens)] = Field(
        default_factory=dict
    )
    """More of them, each with the name of who sends with it, ``NAME=TOKEN`` and spaces between:
    what comes with one is that sender's (``token:NAME``). `onestory listen` takes them as well."""
    trust: Path | None = None
    """A file that says who may speak for whom (``workers/trust.py``); without one everyone speaks
    for itself alone."""
    api_most_body_bytes: int = Field(default=64_000_000, ge=1_000)
    """Of a batch of articles, which is never held whole: 20,000 long ones. One that breaks off
    is sent again from its start or from the line that the answer names."""
    api_most_article_bytes: int = Field(default=1_000_000, ge=1_000)
    """Of one article sent to the API: fifty times what is read of a text. What comes over
    Redis may be as long as ``max_entry_bytes``, since who writes there is trusted."""
    api_body_timeout_s: float = Field(default=10.0, gt=0)
    """A client gets so long for the head of a request, and for every kilobyte of its body."""
    api_write_timeout_s: float = Field(default=20.0, gt=0)
    """A client that reads nothing for so long is cut off."""
    api_most_connections: int = Field(default=256, ge=2)
    """At once. When all are taken, who came without a token and waits longest makes room; where
    nobody did, more are answered 503, but for probes. Each can hold a chunk of a body and of an
    answer."""
    api_most_per_address: int = Field(default=192, ge=1)
    """Of these from one address (IPv6: network of 64 bits). Behind a proxy all clients have one
    address: then as many as the setting before allows, and the proxy counts its clients."""
    api_most_backlog: int = Field(default=50_000, ge=1)
    """Articles that may wait for the workers: a minute of two of them, 150 MB of Redis. While
    more do, articles are refused with 429."""
    api_most_listeners: int = Field(default=100, ge=1)
    """Clients of the event stream at once, and connections that they hold."""
    api_heartbeat_s: float = Field(default=15.0, gt=0)
    """Silence on the event stream after which a comment is sent: proxies cut off after 30 s."""
    api_rule_wait_s: float = Field(default=3.0, ge=0)
    """How long an editor's rule waits for a worker's answer; a busy worker takes a second."""
    metrics_open: bool = False
    """Let ``GET /metrics`` of `onestory serve` be read without a token where tokens are set."""
    kills_days: float = Field(default=30.0, gt=0)
    """How long a killed id is remembered, for an item that comes after its kill."""
    release_interval_ms: int = Field(default=250, ge=20)
    """How often embargoes that are over are looked for."""
    commands_interval_ms: int = Field(default=100, ge=10)
    """How often editors' commands are looked for."""

    metrics_port: int = Field(default=0, ge=0, le=65_535)
    """Port of a worker's ``/metrics``, ``/live`` and ``/ready``; 0: none. One for each worker of a
    machine."""
    metrics_host: str = "127.0.0.1"
    """Address that they listen on. They say nothing of articles, but how many there are."""
    liveness_s: float = Field(default=60.0, gt=0)
    """A worker without a sign of life for longer is not alive. Four times the longest that one
    stage of a batch was seen to take."""
    watchdog_s: float = Field(default=300.0, ge=0)
    """After as long a worker ends itself, exit code 70, if it was not ended from outside; 0: never.
    A worker that has stopped without having ended keeps its articles from nobody but looks alive.
    """
    otel: bool = False
    """Trace articles from their publisher to their event with OpenTelemetry; needs the extra
    ``otel``. Where spans go is said by the standard variables ``OTEL_*``."""
    ready_behind: int = Field(default=20_000, ge=0)
    """A worker is not ready while more entries of the log are missing from its window; one that
    has nothing to do follows every ``sweep_interval_ms``."""

    @property
    def kills_ms(self) -> int:
        return int(self.kills_days * 24 * HOUR_MS)

    @property
    def dead_ms(self) -> int:
        return int(self.dead_days * 24 * HOUR_MS)

    @property
    def read_at_once(self) -> int:
        """Entries that one read asks for."""
        if self.uses_bundled_encoder:
            return self.batch_size
        most = OPINION_BATCH if has_second_opinion(self.encoder) else ENCODER_BATCH
        return min(self.batch_size, most)

    @property
    def uses_bundled_encoder(self) -> bool:
        return self.encoder == BUNDLED

    @property
    def window_ms(self) -> int:
        return int(self.window_hours * HOUR_MS)

    @property
    def epoch_ms(self) -> int:
        return max(1, self.window_ms // self.epochs_per_window)

    @property
    def event_source(self) -> str:
        """CloudEvents source of this namespace's events."""
        return f"/onestory/{self.namespace}"

    @property
    def streams(self) -> Streams:
        return Streams(self.namespace)

    @property
    def keys(self) -> Keys:
        return Keys(self.streams)


SECRETS = frozenset({"REDIS_URL", "redis_url"}) | {
    name for name, field in Settings.model_fields.items() if "SecretStr" in str(field.annotation)
}
"""Names of settings whose values are shown nowhere."""
