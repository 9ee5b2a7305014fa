"""Entries that are set aside: they wait for what somebody else decides."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from workers.placing.context import Prepared
from workers.state.entries import Entry


@dataclass(slots=True)
class Aside:
    """What one worker has set aside; its entries stay pending with it."""

    waiting: dict[str, Prepared] = field(default_factory=dict)
    """By entry id, until another worker has decided what they match."""
    busy: dict[str, Entry] = field(default_factory=dict)
    """By entry id, until another version of their article is decided."""

    @property
    def ids(self) -> tuple[str, ...]:
        """Entry ids of all."""
        return (*self.waiting, *self.busy)

    def take(self, entry_ids: Iterable[str]) -> set[str]:
        """Those of these entries that were set aside; they are no longer."""
        taken = {each for each in entry_ids if each in self.waiting or each in self.busy}
        for entry_id in taken:
            self.waiting.pop(entry_id, None)
            self.busy.pop(entry_id, None)
        return taken

    def take_waiting(self) -> dict[str, Entry]:
        """What waits, to be handled from its beginning."""
        entries = {item.entry.id: item.entry for item in self.waiting.values()}
        self.waiting.clear()
        return entries
