"""Commits of prepared articles, planned again for as long as others overtake them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from workers.metrics.meter import NO_METER, Meter
from workers.placing.aside import Aside
from workers.placing.context import Grounds, Prepared
from workers.placing.plan import Planner
from workers.placing.prepare import Preparer
from workers.state.answers import Snapshot
from workers.state.attempts import rounds
from workers.state.store import Store


@dataclass(slots=True)
class Placer:
    """Places prepared articles for one worker."""

    store: Store
    grounds: Grounds
    aside: Aside
    preparer: Preparer
    meter: Meter = NO_METER
    planner: Planner = field(init=False)

    def __post_init__(self) -> None:
        self.planner = Planner(self.grounds)

    async def place(self, prepared: Sequence[Prepared]) -> None:
        """Commit decisions; what waits for another worker is set aside."""
        pending, needs = list(prepared), set[str]()
        for _ in rounds():
            if not pending:
                return
            needs |= {item.registered.story_id for item in pending if item.registered.story_id}
            with self.meter.stage("snapshot"):
                whole = (await self.store.whole([], list(needs))).stories if needs else {}
                snapshot = await self._snapshot(pending)
            held = {
                story_id: story
                for story_id, story in whole.items()
                if snapshot.stories.get(story_id, story).revision == story.revision
            }
            with self.meter.stage("decide"):
                plan = self.planner.plan(pending, snapshot, held, self.grounds.now())
            with self.meter.stage("commit"):
                outcomes = await self.store.commit([commit for _, commit in plan.commits])
            overtaken = []
            for (item, _), is_done in zip(plan.commits, outcomes, strict=True):
                if is_done:
                    self.aside.waiting.pop(item.entry.id, None)
                else:
                    overtaken.append(item)
            if not plan.left and not overtaken:
                self.aside.waiting |= {item.entry.id: item for item in plan.waiting}
                return
            again = [*plan.waiting, *plan.left, *await self.preparer.registered_again(overtaken)]
            pending = sorted(again, key=lambda item: item.number)
            needs.update(plan.needs)

    async def _snapshot(self, pending: Sequence[Prepared]) -> Snapshot:
        """Where the plan's articles are, under the rules that are in force at that moment."""
        while True:
            snapshot = await self.store.snapshot(self.planner.asks_for(pending))
            if int(snapshot.rules_revision or 0) == self.grounds.rules.revision:
                return snapshot
            self.grounds.rules = await self.store.rules()
