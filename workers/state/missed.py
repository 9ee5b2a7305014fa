"""Entries that another client trimmed or deleted before any worker read them.

Nobody can place what is gone, and Redis says nothing of it: a publisher's ``MAXLEN`` that is
shorter than the backlog loses news without a word. So it is counted (``lua/missed.lua``), and told
in one dead letter for each gap that is seen, by whichever worker looks first. Redis before 7.0 does
not count what was added, so there it can't be told.
"""

from dataclasses import dataclass

from contracts.dead_letter import Reason
from contracts.streams import GROUP
from workers.settings import Settings
from workers.state.clock import Now
from workers.state.entries import Entry, dead_letter
from workers.state.scripts import Scripts
from workers.wording import counted

_START = "0-0"
_REMEDY = (
    "publish these again from their source, which is always safe; publishers must not trim the "
    "articles stream (MAXLEN, MINID, XTRIM, XDEL): workers delete what they have placed"
)


@dataclass(slots=True)
class Missed:
    """Watches one namespace for what its workers never saw."""

    settings: Settings
    scripts: Scripts
    now: Now
    _delivered: str = _START
    """Last one that the group was given, at the last look."""

    async def tell(self) -> int:
        """How many were missed that nobody has told of; their dead letter is written.

        Raises:
            RedisError: the server can't be reached.
            WentBack: it is in another era.
        """
        untold, delivered, before, _ = await self._ask(0, "")
        if untold:
            *_, is_told = await self._ask(untold, self._letter(untold, delivered, before))
            if not is_told:  # another worker was faster, or there are more by now
                return 0
        self._delivered = delivered or self._delivered
        return untold

    async def _ask(self, told: int, letter: str) -> tuple[int, str, str, bool]:
        streams, keys = self.settings.streams, self.settings.keys
        deletes = "0" if self.settings.keep_input else "1"
        args = (keys.prefix, GROUP, deletes, told, letter)
        (answer,) = await self.scripts.run([("missed", (streams.articles, streams.dead), args)])
        untold, delivered, before, is_told = answer
        return untold, delivered.decode(), before.decode(), bool(is_told)

    def _letter(self, untold: int, delivered: str, before: str) -> str:
        detail = (
            f"{counted(untold, 'entry', 'entries')} between {self._delivered} and {before}: "
            "trimmed or deleted by another client before any worker read them"
        )
        letter = dead_letter(
            Entry(delivered, {}, 0),
            Reason.VANISHED,
            detail,
            deliveries=0,
            remedy=_REMEDY,
        )
        return letter.model_copy(update={"dead_at": self.now()}).model_dump_json()
