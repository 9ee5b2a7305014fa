"""Result objects of a comparison of two namespaces (``workers/shadow/diff.py``)."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from service.evaluation.scores import BCubed
from workers.shadow.history import Account, Operating


class Kind(StrEnum):
    """What became of a group of stories."""

    SPLIT = "split"
    MERGED = "merged"
    MIXED = "mixed"


@dataclass(frozen=True, slots=True)
class Side:
    """One namespace's story in a group, with the articles that both namespaces hold."""

    story_id: str
    title: str
    """Headline of its lead; of its first article, if nothing is told of the lead."""
    articles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """An article of a group, and what was told of it in each namespace."""

    article_id: str
    title: str
    lang: str
    before: str
    """Story id in the first namespace."""
    after: str
    told_before: Account | None
    """None if its events are no longer on the stream."""
    told_after: Account | None


@dataclass(frozen=True, slots=True)
class Group:
    """Stories that differ, and hang together by their articles."""

    kind: Kind
    before: tuple[Side, ...]
    after: tuple[Side, ...]
    moved: tuple[Compared, ...]
    """Articles outside their story's pair."""
    linking: tuple[Compared, ...]
    """Others that matched, in one namespace alone, what is in another story in the other one."""


@dataclass(frozen=True, slots=True)
class Diff:
    """The second namespace against the first."""

    names: tuple[str, str]
    operating: tuple[tuple[Operating, ...], tuple[Operating, ...]]
    """Models and thresholds in force on either side, the most used first."""
    common: int
    """Articles that both hold."""
    only: tuple[int, int]
    """Articles that one of them holds."""
    same: int
    """Stories that are the same."""
    same_ids: int
    """Of these, stories that have the same id."""
    bcubed: BCubed
    """Of the second partition if the first were right."""
    groups: tuple[Group, ...]
    """Those of which most articles moved come first."""

    @property
    def moved(self) -> int:
        """Articles that moved."""
        return sum(len(group.moved) for group in self.groups)

    def count(self, kind: Kind) -> int:
        """Groups of one kind."""
        return sum(group.kind is kind for group in self.groups)

    def to_json(self) -> dict[str, Any]:
        """Everything, for machines."""
        return {
            "namespaces": list(self.names),
            "operating": [[asdict(each) for each in side] for side in self.operating],
            "articles": {"common": self.common, "only": list(self.only), "moved": self.moved},
            "stories": {
                "same": self.same,
                "same_ids": self.same_ids,
                **{kind.value: self.count(kind) for kind in Kind},
            },
            "bcubed": self.bcubed.to_json(),
            "groups": [_group_json(group) for group in self.groups],
        }


def _group_json(group: Group) -> dict[str, Any]:
    return {
        "kind": group.kind.value,
        "before": [asdict(side) for side in group.before],
        "after": [asdict(side) for side in group.after],
        "moved": [_compared_json(each) for each in group.moved],
        "linking": [_compared_json(each) for each in group.linking],
    }


def _compared_json(each: Compared) -> dict[str, Any]:
    return {
        "article_id": each.article_id,
        "title": each.title,
        "lang": each.lang,
        "before": {"story_id": each.before, **_account_json(each.told_before)},
        "after": {"story_id": each.after, **_account_json(each.told_after)},
    }


def _account_json(account: Account | None) -> dict[str, Any]:
    if account is None:
        return {}
    return {
        "relation": account.relation,
        "score": account.score,
        "matched_article_id": account.matched_article_id,
        "rule": account.rule,
        "moved": account.moved,
        "evidence": account.evidence and account.evidence.model_dump(mode="json"),
    }
