"""Several redis-servers of one test on loopback: masters and replicas, Sentinels, a Cluster."""

import contextlib
import random
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from redis import Redis
from redis.crc import key_slot
from redis.exceptions import RedisError

from contracts.streams import Streams
from tests.support.redis.servers import wait_until
from workers.connection.server_binary import find_redis_binary
from workers.keys import Keys

PASSWORD = "wire-service"  # noqa: S105 - of servers that live as long as a test
_BUS = 10_000
"""A Cluster's nodes talk to each other on their port and this."""


@dataclass(slots=True)
class Node:
    """One server process on a port of its own."""

    folder: Path
    options: tuple[str, ...]
    password: str = ""
    port: int = 0
    _process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        """Start, or start again on the same port and folder; returns once it answers."""
        self.folder.mkdir(exist_ok=True)
        self.port = self.port or _free_port()
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [find_redis_binary().path, *self.options, "--port", str(self.port)],
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        wait_until(self.answers, f"{self.folder.name} answers on port {self.port}", timeout_s=60)

    def kill(self) -> None:
        """Kill -9."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def signal(self, number: int) -> None:
        """SIGSTOP: it takes connections and says nothing; SIGCONT: it goes on."""
        assert self._process
        self._process.send_signal(number)

    def answers(self) -> bool:
        """Whether it answers."""
        try:
            return bool(self.ask("PING"))
        except RedisError:
            return False

    def ask(self, *command: str) -> Any:
        """The answer to one command; words are text."""
        with Redis(port=self.port, password=self.password, decode_responses=True) as client:
            return cast(Any, client.execute_command(*command))

    def info(self, section: str) -> dict[str, Any]:
        """What INFO says."""
        with Redis(port=self.port, password=self.password) as client:
            return cast(dict[str, Any], client.info(section))


def _free_port() -> int:
    """One that nobody listens on, nor on that of its bus."""
    while True:
        port = random.randint(20_000, 45_000)
        with contextlib.suppress(OSError), ExitStack() as held:
            for each in (port, port + _BUS):
                bound = held.enter_context(socket.socket())
                bound.bind(("127.0.0.1", each))
            return port


@contextmanager
def _started(nodes: list[Node]) -> Iterator[None]:
    try:
        for node in nodes:
            node.start()
        yield
    finally:
        for node in nodes:
            node.kill()
            shutil.rmtree(node.folder, ignore_errors=True)


_COMMON = ("--bind", "127.0.0.1", "--save", "", "--repl-diskless-sync-delay", "0")


@dataclass(slots=True)
class Watched:
    """A master with two replicas and three Sentinels."""

    servers: list[Node]
    sentinels: list[Node]

    @property
    def url(self) -> str:
        hosts = ",".join(f"127.0.0.1:{each.port}" for each in self.sentinels)
        return f"redis+sentinel://:{PASSWORD}@{hosts}/wire/0"

    @property
    def master(self) -> Node:
        """As a Sentinel says it."""
        _, port = self.sentinels[0].ask("SENTINEL", "GET-MASTER-ADDR-BY-NAME", "wire")
        return next(each for each in self.servers if each.port == int(port))

    def fail_over(self) -> None:
        """Kill the master with -9, and wait for another."""
        killed = self.master
        killed.kill()
        wait_until(
            lambda: self.master is not killed, "another server becomes the master", timeout_s=60
        )

    def is_whole(self) -> bool:
        """Whether both replicas follow, and all Sentinels know it."""
        for sentinel in self.sentinels:
            flat = sentinel.ask("SENTINEL", "MASTER", "wire")
            said = flat if isinstance(flat, dict) else dict(zip(flat[::2], flat[1::2], strict=True))
            if (said["num-slaves"], said["num-other-sentinels"]) != ("2", "2"):
                return False
        links = [each.info("replication") for each in self.servers if each is not self.master]
        return all(each.get("master_link_status") == "up" for each in links)


@contextmanager
def watched_redis(folder: Path) -> Iterator[Watched]:
    """A master, two replicas, three Sentinels that take half a second to notice a death."""
    own = (*_COMMON, "--requirepass", PASSWORD, "--masterauth", PASSWORD)
    servers = [Node(folder / f"server{place}", own, PASSWORD) for place in range(3)]
    with _started(servers):
        for replica in servers[1:]:
            replica.ask("REPLICAOF", "127.0.0.1", str(servers[0].port))
        sentinels = []
        for place in range(3):
            config = folder / f"sentinel{place}.conf"
            config.write_text(
                f"sentinel monitor wire 127.0.0.1 {servers[0].port} 2\n"
                f"sentinel auth-pass wire {PASSWORD}\n"
                "sentinel down-after-milliseconds wire 500\n"
                "sentinel failover-timeout wire 3000\n"
            )
            options = (str(config), "--sentinel", "--bind", "127.0.0.1")
            sentinels.append(Node(folder / f"sentinel{place}", options))
        with _started(sentinels):
            watched = Watched(servers, sentinels)
            wait_until(watched.is_whole, "replicas and Sentinels know each other", timeout_s=60)
            yield watched


@dataclass(slots=True)
class Cluster:
    """Three masters and a replica of the first."""

    nodes: list[Node]

    @property
    def url(self) -> str:
        hosts = ",".join(f"127.0.0.1:{each.port}" for each in self.nodes)
        return f"redis+cluster://:{PASSWORD}@{hosts}"

    def slots(self, place: int) -> range:
        """Of the master at this place."""
        return range(place * 16_384 // 3, (place + 1) * 16_384 // 3)

    def namespace(self, place: int) -> str:
        """One whose keys lie on the master at this place."""
        names = (f"wire{number}" for number in range(10_000))
        return next(
            name
            for name in names
            if key_slot(Keys(Streams(name)).prefix.encode()) in self.slots(place)
        )

    def agrees(self) -> bool:
        """Whether all nodes know all others, and the Cluster works."""
        said = [str(each.ask("CLUSTER", "INFO")) for each in self.nodes]
        return all("cluster_state:ok" in each for each in said)


@contextmanager
def redis_cluster(folder: Path) -> Iterator[Cluster]:
    """One whose nodes are missed after a second, and that works on without some of its slots."""
    own = (
        *(*_COMMON, "--requirepass", PASSWORD, "--masterauth", PASSWORD),
        *("--cluster-enabled", "yes", "--cluster-node-timeout", "1000"),
        *("--cluster-require-full-coverage", "no", "--cluster-config-file", "nodes.conf"),
        *("--appendonly", "yes", "--cluster-replica-validity-factor", "0"),
    )
    nodes = [Node(folder / f"node{place}", own, PASSWORD) for place in range(4)]
    with _started(nodes):
        cluster = Cluster(nodes)
        for place in range(3):
            nodes[place].ask("CLUSTER", "ADDSLOTS", *map(str, cluster.slots(place)))
        for node in nodes[1:]:
            node.ask("CLUSTER", "MEET", "127.0.0.1", str(nodes[0].port))
        first = nodes[0].ask("CLUSTER", "MYID")
        wait_until(
            lambda: first in str(nodes[3].ask("CLUSTER", "NODES")),
            "the nodes have met",
            timeout_s=60,
        )
        nodes[3].ask("CLUSTER", "REPLICATE", first)
        wait_until(cluster.agrees, "the Cluster works", timeout_s=60)
        wait_until(
            lambda: nodes[3].info("replication").get("master_link_status") == "up",
            "the replica follows",
            timeout_s=60,
        )
        yield cluster
