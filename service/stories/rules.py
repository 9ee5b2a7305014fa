"""Editors' rules as one consistent whole: who belongs together, who apart, who leads.

``together`` is transitive, so articles fall into components; ``apart`` stands between
components. A rule that would put two articles into one component that another keeps apart
is refused, with the rules that stand in the way.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from contracts.commands import AnyCommand, KeepApart, KeepTogether, Revoke, SetLead


@dataclass(slots=True)
class Rules:
    """The rules in force. ``revision`` grows with each change of them."""

    revision: int = 0
    commands: dict[str, AnyCommand] = field(default_factory=dict)
    """By rule id, in the order in which they were accepted."""
    _together: dict[str, dict[str, str]] = field(default_factory=dict)
    """Article → article → rule."""
    _apart: dict[str, dict[str, str]] = field(default_factory=dict)
    _leads: dict[str, int] = field(default_factory=dict)
    """Article → place of the last rule that makes it lead."""

    @classmethod
    def of(cls, commands: Mapping[str, AnyCommand], revision: int = 0) -> "Rules":
        """The rules of accepted commands, oldest first."""
        rules = cls(revision)
        for rule_id, command in commands.items():
            rules.add(rule_id, command)
        return rules

    def add(self, rule_id: str, command: AnyCommand) -> None:
        """Take in an accepted command."""
        if isinstance(command, Revoke):
            left = {each: kept for each, kept in self.commands.items() if each != command.rule}
            self.commands, self._together, self._apart, self._leads = {}, {}, {}, {}
            for each, kept in left.items():
                self.add(each, kept)
            return
        self.commands[rule_id] = command
        match command:
            case KeepTogether(articles=(one, other)):
                _link(self._together, one, other, rule_id)
            case KeepApart(articles=(one, other)):
                _link(self._apart, one, other, rule_id)
            case SetLead(article=one):
                self._leads[one] = len(self.commands)

    def names(self, article_id: str) -> bool:
        """Whether any rule names the article."""
        return (
            article_id in self._together or article_id in self._apart or article_id in self._leads
        )

    def partners(self, article_id: str) -> dict[str, str]:
        """Articles that must be in its story → the rule that names them last on the way."""
        if article_id not in self._together:
            return {}
        return {other: rule for other, rule in self._reached(article_id) if other != article_id}

    def strangers(self, article_id: str) -> dict[str, str]:
        """Articles that must not be in its story → the rule that says so."""
        if not self._apart:
            return {}
        found: dict[str, str] = {}
        for mine in self.component(article_id):
            for other, rule in self._apart.get(mine, {}).items():
                found |= dict.fromkeys(self.component(other), rule)
        return found

    def component(self, article_id: str) -> list[str]:
        """The article and all that must be with it, nearest first."""
        if article_id not in self._together:
            return [article_id]
        return [article_id, *self.partners(article_id)]

    def between(self, ones: Iterable[str], others: Iterable[str]) -> str | None:
        """A rule that keeps an article of the one side from one of the other, if there is any."""
        if not self._apart:
            return None
        right = set(others)
        for one in ones:
            for stranger, rule in self.strangers(one).items():
                if stranger in right:
                    return rule
        return None

    def speaking(self, one: str, other: str) -> list[str]:
        """The rules that keep two articles together, or the one that keeps them apart."""
        apart = self.between([one], [other])
        return [*self._path(one, other), *([apart] if apart else [])]

    def lead_of(self, article_ids: Iterable[str]) -> str | None:
        """The article among these that the last such rule made lead."""
        ruled = [article_id for article_id in article_ids if article_id in self._leads]
        return max(ruled, key=self._leads.__getitem__, default=None)

    def lead_rule(self, article_id: str) -> str | None:
        """The rule by which an article leads."""
        for rule_id, command in reversed(self.commands.items()):
            if isinstance(command, SetLead) and command.article == article_id:
                return rule_id
        return None

    def in_the_way(self, command: AnyCommand) -> list[str]:
        """Rules that a command contradicts; none if it can be accepted."""
        match command:
            case KeepTogether(articles=(one, other)):
                rule = self.between(self.component(one), self.component(other))
                return [rule] if rule else []
            case KeepApart(articles=(one, other)):
                return self._path(one, other)
        return []

    def _path(self, one: str, other: str) -> list[str]:
        """Rules that link two articles, from one to the other; none if they are not linked."""
        came: dict[str, tuple[str, str]] = {}
        for article_id, rule, before in self._steps(one):
            came[article_id] = (before, rule)
        if other not in came:
            return []
        rules = []
        while other != one:
            other, rule = came[other]
            rules.append(rule)
        return rules[::-1]

    def _reached(self, article_id: str) -> Iterator[tuple[str, str]]:
        for reached, rule, _ in self._steps(article_id):
            yield reached, rule

    def _steps(self, start: str) -> Iterator[tuple[str, str, str]]:
        """Breadth first: article, rule, the article before it."""
        seen, ahead = {start}, deque([start])
        while ahead:
            here = ahead.popleft()
            for other, rule in self._together.get(here, {}).items():
                if other not in seen:
                    seen.add(other)
                    ahead.append(other)
                    yield other, rule, here


def _link(links: dict[str, dict[str, str]], one: str, other: str, rule_id: str) -> None:
    links.setdefault(one, {}).setdefault(other, rule_id)
    links.setdefault(other, {}).setdefault(one, rule_id)
