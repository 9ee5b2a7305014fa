"""A run in words: the line of progress and the table at the end."""

import time

from tests.faults.kinds import FAULTS
from tests.faults.memory import Leaks
from tests.faults.run import Outcome
from tests.faults.traffic import Fate


def line(outcome: Outcome, said: str) -> str:
    """One line: how far it is, and what happens now."""
    world = outcome.world
    return (
        f"{time.monotonic() - outcome.began:5.0f} s  {world.publisher.accepted} of "
        f"{world.publisher.wanted} lines  {outcome.faults} faults  {outcome.checks} checks  "
        f"{len(outcome.wrong)} wrong  {said}"
    )


def table(outcome: Outcome, leaks: Leaks) -> str:
    """All of it, in Markdown."""
    world = outcome.world
    traffic, account = world.traffic, world.consumer.account
    fates = [each.fate for each in traffic.expected.values()]
    seconds = time.monotonic() - outcome.began
    rows = ["| fault | times | longest recovery, s | median |", "|---|---|---|---|"]
    rows += [
        f"| {kind} | {len(times)} | {times[-1]:.1f} | {_median(times):.1f} |"
        for kind in FAULTS
        if (times := sorted(outcome.times.get(kind, [])))
    ]
    said = f"""
{outcome.faults} faults in {seconds:.0f} s, {outcome.checks} checks, {world.fleet.started} worker \
starts, {world.lost_tails} lost tails, {world.proxy.resets} resets.
{world.publisher.accepted} lines accepted, {world.publisher.by_http} of them by HTTP, of \
{len(fates)} articles: {fates.count(Fate.PLACED)} placed, {fates.count(Fate.KILLED)} killed, \
{fates.count(Fate.HELD)} held back; {len(traffic.broken)} broken or deadly entries, all dead \
letters; {world.retried.total()} letters of innocent articles sent again.
{account.events} events read, {world.listener.account.events} heard from the API, which was \
asked to go on {world.listener.resumed} times; {len(traffic.groups)} stories written, of which \
{_pure(outcome)} must be one each.
Memory: {leaks.bytes_an_article} bytes an article of the window; when all was past: \
{leaks.families}; workers {leaks.resident_mb} MB.
Errors that workers did not expect: {_tracebacks(outcome)}.
Wrong: {len(outcome.wrong)}"""
    return "\n".join([*rows, said, *(f"- {each}" for each in outcome.wrong)])


def _pure(outcome: Outcome) -> int:
    return sum(each.is_pure for each in outcome.world.traffic.groups.values())


def _tracebacks(outcome: Outcome) -> str:
    counted: dict[str, int] = {}
    for each in outcome.world.fleet.tracebacks():
        counted[each] = counted.get(each, 0) + 1
    return "; ".join(f"{count} × {each}" for each, count in counted.items()) or "none"


def _median(values: list[float]) -> float:
    return values[len(values) // 2]
