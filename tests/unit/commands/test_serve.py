"""What becomes of page and API when their workers can't be started."""

from typing import cast

import anyio
import pytest

from workers.api.server import ApiServer
from workers.commands import serve
from workers.errors import WorkersFailed
from workers.process.pool import WorkerPool

FAILED = WorkersFailed("3 workers ended")


class Pool:
    """Workers of which none can be started, ``tries`` times."""

    def __init__(self, tries: int, error: Exception = FAILED, *, has_worked: bool) -> None:
        self.tries = tries
        self.error = error
        self.has_worked = has_worked
        self.is_at_work = anyio.Event()

    def check(self) -> None:
        self.tries -= 1
        if self.tries >= 0:
            raise self.error
        self.is_at_work.set()


class Api:
    """A server that can be told to end."""

    def __init__(self) -> None:
        self.told = anyio.Event()

    def __setattr__(self, name: str, value: object) -> None:
        super().__setattr__(name, value)
        if name == "should_exit":
            self.told.set()


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "_CHECK_S", 0.0)
    monkeypatch.setattr(serve, "_TRY_AGAIN_S", 0.0)


async def served(pool: Pool, api: Api, until: anyio.Event) -> None:
    with anyio.fail_after(20):
        async with serve._watched(cast(WorkerPool, pool), cast(ApiServer, api)):
            await until.wait()


@pytest.mark.anyio
async def test_serving_ends_where_no_worker_has_ever_worked() -> None:
    api = Api()

    with pytest.raises(WorkersFailed):
        await served(Pool(1, has_worked=False), api, until=api.told)


@pytest.mark.parametrize("error", [FAILED, OSError("3 workers ended")])
@pytest.mark.anyio
async def test_later_page_and_api_outlive_their_workers_which_are_tried_again(
    caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    api = Api()
    pool = Pool(2, error, has_worked=True)

    await served(pool, api, until=pool.is_at_work)

    assert not api.told.is_set()
    assert caplog.text.count("3 workers ended; tried again in 0 s") == 2
