"""Which stories of two namespaces differ and why, for ``onestory diff``; what a switch did."""

from collections.abc import Iterator, Sequence

from rich.console import Group as Rendered
from rich.console import RenderableType
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from workers.render.headline import headline
from workers.render.stories import score_text
from workers.shadow.diff_result import Compared, Diff, Group, Kind, Side
from workers.shadow.history import Account, Operating
from workers.shadow.switch import Switched
from workers.wording import counted, digits_of, plain

_SHOWN_IDS = 8
"""Article ids of a story in one line."""
_MOST_OPERATING = 3
_MOVED, _LINKS = 10, 3
"""Articles of a group that are shown with what was told of them."""


def diff_report(diff: Diff, *, limit: int = 20, articles: bool = False) -> Rendered:
    """Totals, then the groups of stories that differ, those with most moved articles first.

    Args:
        diff: what was found.
        limit: groups that are shown; the rest is counted.
        articles: whether all articles of these stories are listed.
    """
    parts: list[RenderableType] = [_totals(diff), ""]
    for group in diff.groups[:limit]:
        parts += [*_group(diff, group, articles=articles), ""]
    left_out = len(diff.groups) - limit
    if left_out > 0:
        parts.append(Text(f"… and {left_out:,} more; --limit shows them", style="dim"))
    if not diff.groups:
        parts.append(Text("No story differs."))
    return Rendered(*parts)


def switch_report(switched: Switched, namespace: str) -> Rendered:
    """What a switch did, and what to do next."""
    grid = _grid()
    grid.add_row("stories", f"{switched.stories:,} in {plain(namespace)}")
    grid.add_row("told", f"{switched.split:,} split, {switched.merged:,} merged")
    if switched.without_fingerprint:
        grid.add_row(
            "not in shadow",
            f"{counted(switched.without_fingerprint, 'article')}: where they were, and no longer "
            "compared with what comes",
        )
    grid.add_row("model", plain(switched.model))
    return Rendered(grid, Text("Start its workers with the settings of the shadow."))


def _totals(diff: Diff) -> Table:
    first, second = map(plain, diff.names)
    grid = _grid()
    for name, operating in zip((first, second), diff.operating, strict=True):
        grid.add_row(name, _in_force(operating))
    only = "; ".join(
        f"{count:,} only in {name}" for count, name in zip(diff.only, (first, second), strict=True)
    )
    grid.add_row("articles", f"{diff.common:,} in both, {diff.moved:,} moved; {only}")
    kinds = ", ".join(f"{diff.count(kind):,} {kind}" for kind in Kind)
    grid.add_row(
        "stories", f"{diff.same:,} the same ({diff.same_ids:,} under the same id), {kinds}"
    )
    precision, recall = digits_of(diff.bcubed.precision, 4), digits_of(diff.bcubed.recall, 4)
    grid.add_row("B-cubed", f"precision {precision}, recall {recall}, if {first} were right")
    return grid


def _in_force(operating: Sequence[Operating]) -> Text:
    lines = [
        f"{plain(each.model)}, "
        + ", ".join(f"{name} {value:.3g}" for name, value in each.thresholds)
        for each in operating[:_MOST_OPERATING]
    ]
    return Text("\n".join(lines) or "nothing told")


def _group(diff: Diff, group: Group, *, articles: bool) -> Iterator[RenderableType]:
    first, second = map(plain, diff.names)
    before = counted(len(group.before), "story", "stories")
    after = counted(len(group.after), "story", "stories")
    title = f"{group.kind}: {before} in {first}, {after} in {second}"
    yield Rule(Text(title, style="bold"), align="left")
    grid = _grid()
    for name, sides in ((first, group.before), (second, group.after)):
        for place, side in enumerate(sides):
            grid.add_row(name if place == 0 else "", _story(side, every=articles))
    yield grid
    for name, found, most in (("moved", group.moved, _MOVED), ("links", group.linking, _LINKS)):
        for each in found if articles else found[:most]:
            yield _compared(diff, name, each)
        if len(found) > most and not articles:
            yield Text(f"… and {len(found) - most:,} more; --articles shows them", style="dim")


def _story(side: Side, *, every: bool) -> Text:
    shown = side.articles if every else side.articles[:_SHOWN_IDS]
    more = len(side.articles) - len(shown)
    ids = ", ".join(map(plain, shown)) + (f", … {more:,} more" if more else "")
    return Text.assemble(
        f"{plain(side.story_id)}  ", headline(side.title, "bold"), "\n", (f"{{{ids}}}", "dim")
    )


def _compared(diff: Diff, name: str, article: Compared) -> Table:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True, style="dim")
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    what = Text.assemble(f"{plain(article.article_id)}  ", headline(article.title))
    grid.add_row(name, Text(plain(article.lang)), what)
    told = (article.told_before, article.told_after)
    for namespace, account in zip(diff.names, told, strict=True):
        score = score_text(account.score if account else None)
        grid.add_row(f"  {plain(namespace)}", score, _why(account))
    return grid


def _why(account: Account | None) -> Text:
    if account is None:
        return Text("its events are no longer on the stream", style="dim")
    words = [account.evidence.summary] if account.evidence else []
    if account.rule:
        words.append(f"by rule {account.rule}")
    if account.moved:
        words.append(f"then {account.moved}")
    return Text("; ".join(map(plain, words)))


def _grid() -> Table:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    return grid
