"""What became of the lines of a run."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class RunTotals:
    """Counts of one run; the first six, but for the lines themselves, account for all lines."""

    lines: int
    """Input lines that aren't blank."""
    placed: int
    """Articles that opened or joined a story."""
    revised: int = field(kw_only=True, default=0)
    """New versions of placed articles."""
    held: int = field(kw_only=True, default=0)
    """Articles under embargo or held back, that were not released yet."""
    killed: int = field(kw_only=True, default=0)
    """Kills."""
    repeated: int
    """Lines whose article id and version were already decided."""
    dead_lettered: int
    stories: int
    seconds: float
    other_language: int = 0
    """Placed articles whose language the model does not know: matched by wording alone."""

    @property
    def duplicates(self) -> int:
        """Placed articles beyond the first of their story."""
        return max(0, self.placed - self.stories)

    @property
    def ended(self) -> int:
        """What came to an end meanwhile in this namespace."""
        decided = self.placed + self.revised + self.held + self.killed
        return decided + self.repeated + self.dead_lettered

    @property
    def unaccounted(self) -> int:
        """Lines of which nothing is known; a run with any has failed."""
        return max(0, self.lines - self.ended)

    @property
    def of_others(self) -> int:
        """Articles that others sent, before or during the run: they are in the counts too."""
        return max(0, self.ended - self.lines)

    @property
    def none_usable(self) -> bool:
        """Whether there were lines, and every one is a dead letter."""
        return 0 < self.lines <= self.dead_lettered == self.ended

    @property
    def has_failed(self) -> bool:
        """Some lines are bad in every feed; a file of nothing else is the wrong file."""
        return self.unaccounted > 0 or self.none_usable

    @property
    def articles_per_second(self) -> float:
        """Of all lines that came to an end, over the whole run."""
        done = self.lines - self.unaccounted
        return done / self.seconds if self.seconds > 0 else 0.0
