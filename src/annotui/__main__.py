"""The program's entry: ctrl+c is borne already while the rest is imported."""

from __future__ import annotations

import sys

INTERRUPTED = 130


def run() -> None:
    """The program ``annotui``, also ``python -m annotui``."""
    try:
        from annotui.cli.main import run as run_command
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    run_command()


if __name__ == "__main__":
    run()
