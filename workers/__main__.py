"""The command line ``onestory``, also as ``python -m workers``."""

from workers.commands.stopping import end_at_once


def main() -> None:
    """Run the command that the arguments name."""
    end_at_once()  # first: imports take seconds
    from workers.cli import app

    app()


if __name__ == "__main__":
    main()
