"""The benchmark's tables: Markdown, as they stand in ``workers/bench/README.md``."""

from collections.abc import Sequence

from workers.bench.figures import MOST_OTHERS, Figures, Level, Round, spread

_NOT_TOLD = "not told"
_ABSENT = "–"


def report(figures: Figures) -> str:
    """Conditions, what was found at each size of the window, and the rounds that it comes of."""
    parts = [conditions(figures), _found(figures)]
    parts += [_rounds(level, is_quiet=figures.is_quiet) for level in figures.levels]
    return "\n\n".join(parts)


def conditions(figures: Figures) -> str:
    """Where and when, in a paragraph."""
    at = figures.conditions
    said = (
        f"`{at.command}` on {at.day}, {at.minutes:.1f} minutes: {at.machine}; {at.versions}. "
        f"Articles: {at.articles}. Load average {at.load_before:.1f} before, {at.load_after:.1f} "
        f"after; others took {figures.others:.2f} of each core while it was measured."
    )
    if figures.is_quiet:
        return said
    return f"{said} **Above {MOST_OTHERS} nothing is told that the clock measured.**"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """As Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _found(figures: Figures) -> str:
    """One column for each size of the window."""
    levels = figures.levels
    by_level = [_measured(level, is_quiet=figures.is_quiet) for level in levels]
    rows = [[name, *(cells[name] for cells in by_level)] for name in by_level[0]]
    if len(levels) > 1:
        first, *_, last = (_median(level, "per_second") for level in levels)
        share = f"**{last / first:.2f}**" if figures.is_quiet else _NOT_TOLD
        rows.append(["articles/s, of the smaller window's", *[_ABSENT] * (len(levels) - 1), share])
    once = [
        (
            "an article more: private memory of each worker; shared by a host's, bytes",
            f"**{figures.private_bytes:,.0f}**; {figures.shared_bytes:,.0f}",
        ),
        ("start of a worker that is alone, CPU µs an article", f"{figures.alone_us:,.1f}"),
        (
            f"fingerprint of a {figures.stages.text_bytes / 1e3:.1f} kB article, CPU µs",
            f"**{figures.stages.fingerprint_us:,.0f}**",
        ),
        ("verification of a candidate, CPU µs", f"{figures.stages.candidate_us:,.1f}"),
    ]
    rows += [[name, *[_ABSENT] * (len(levels) - 1), cell] for name, cell in once]
    return table(["measure", *(f"at {level.weight.live:,} live" for level in levels)], rows)


def _measured(level: Level, *, is_quiet: bool) -> dict[str, str]:
    """What one size of the window gave, by the name of the measure."""
    ours, latency, joined, weight = (
        [each.ours for each in level.rounds],
        level.latency,
        level.joined,
        level.weight,
    )
    peers = [each.peer for each in level.rounds if each.peer]
    clock = {
        "articles/s, stream to event": _spread([each.per_second for each in ours], "**{:,.0f}**"),
        "times datasketch on Redis, by turns": _spread(_present(level, "times"), "**{:.1f}**"),
        "datasketch: articles/s, query and insert": _spread([each.per_second for each in peers]),
        "latency at a steady rate, ms": (
            f"p50 **{latency.p50_ms:.0f}**, p99 **{latency.p99_ms:.0f}**, "
            f"longest {latency.longest_ms:.0f}, of {latency.articles:,} at "
            f"{latency.per_second:,.0f}/s"
        ),
    }
    if not is_quiet:
        clock = dict.fromkeys(clock, _NOT_TOLD)
    return clock | {
        "times datasketch, by CPU time": _spread(_present(level, "times_cpu"), "{:.1f}"),
        "Redis, CPU µs an article": _spread([each.redis_us for each in ours], "**{:,.0f}**"),
        "all workers, CPU µs an article": _spread(
            [sum(each.worker_us) for each in ours], "**{:,.0f}**"
        ),
        "publisher, CPU µs an article": _spread([each.publisher_us for each in ours]),
        "datasketch and its Redis, CPU µs an article": _spread([each.cpu_us for each in peers]),
        "Redis, bytes an article": f"**{weight.redis_bytes / weight.live:,.0f}**",
        "a worker's memory, MB (of it private)": ", ".join(
            f"{each.resident / 1e6:,.0f} ({each.private / 1e6:,.0f})" for each in weight.workers
        ),
        "filing, CPU µs an article of another worker": f"{joined.filing_us:,.1f}",
        "start of a further worker, CPU µs an article": f"{joined.start_us:,.1f}",
        "the same, of Redis": f"{joined.start_redis_us:,.1f}",
    }


def _rounds(level: Level, *, is_quiet: bool) -> str:
    """Round by round."""
    workers = range(1, len(level.rounds[0].ours.worker_us) + 1)
    head = (
        f"round at {level.weight.live:,}",
        *("ours/s", "datasketch/s", "times", "Redis, µs"),
        *(f"worker {place}, µs" for place in workers),
        *("publisher, µs", "datasketch, µs", "its Redis, µs", "times by CPU", "others"),
    )
    rows = [
        [str(place), *_row(each, is_quiet=is_quiet)]
        for place, each in enumerate(level.rounds, start=1)
    ]
    return table(head, rows)


def _row(each: Round, *, is_quiet: bool) -> list[str]:
    ours, peer = each.ours, each.peer
    rates = [_cell(ours.per_second), _cell(peer.per_second if peer else None), _cell(each.times, 1)]
    return [
        *(rates if is_quiet else [_NOT_TOLD] * len(rates)),
        *map(_cell, (ours.redis_us, *ours.worker_us, ours.publisher_us)),
        *map(_cell, (peer.process_us, peer.redis_us) if peer else (None, None)),
        _cell(each.times_cpu, 1),
        _cell(each.others, 2),
    ]


def _cell(value: float | None, digits: int = 0) -> str:
    return _ABSENT if value is None else f"{value:,.{digits}f}"


def _present(level: Level, name: str) -> list[float]:
    found = (getattr(each, name) for each in level.rounds)
    return [value for value in found if value is not None]


def _median(level: Level, name: str) -> float:
    return spread([getattr(each.ours, name) for each in level.rounds]).median


def _spread(values: Sequence[float], form: str = "{:,.0f}") -> str:
    """The median, then the least and the most of all rounds."""
    if not values:
        return _ABSENT
    found = spread(values)
    plain = form.replace("*", "")
    return f"{form.format(found.median)} ({plain.format(found.least)}–{plain.format(found.most)})"
