"""``onestory health``: whether a worker on this machine is alive, or ready."""

from typing import Annotated

import typer

from workers.commands.console import err, out, tell, told
from workers.metrics.probe import CHECKS, asked


@told
def health(
    check: Annotated[str, typer.Argument(help="live or ready.")] = CHECKS[0],
    port: Annotated[
        int, typer.Option(envvar="ONESTORY_METRICS_PORT", help="Of the worker's metrics.")
    ] = 0,
    host: Annotated[str, typer.Option(help="Where they listen.")] = "127.0.0.1",
) -> None:
    """Ask a worker whether it is alive or ready; exit code 0 if it is, else 1."""
    if check not in CHECKS or not port:
        why = "give --port, or set ONESTORY_METRICS_PORT" if not port else "expected live or ready"
        tell(f"onestory: {check}: {why}")
        raise typer.Exit(1)
    is_well, said = asked(check, port, host)
    (out if is_well else err).print(said, markup=False, soft_wrap=True, highlight=False)
    if not is_well:
        raise typer.Exit(1)
