"""All proofs in one command: ``python robustness/run.py [--seed 1] [--only NAME…] [--quick]``.

Prints the table of ``docs/reliability.md``. Exit code 0: every figure was met.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import tempfile
import time
import traceback
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from proof import Finding, Wanted

from annotui.domain.visible import visible

PROOFS = (
    *("kills", "faults", "damage", "several", "histories", "random_keys", "old_files"),
    *("signals", "long_use", "hostile", "fuzz", "brat_corpora"),
)
QUICK_SHARE = 0.02
LONGEST_CELL = 600


def main() -> int:
    """Do the proofs that are wanted and print a line of the table for each finding."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="+", choices=PROOFS, default=PROOFS)
    parser.add_argument("--quick", action="store_true", help="a fiftieth of each")
    parser.add_argument("--share", type=float, default=1.0, help="part of each that is done")
    given = parser.parse_args()
    share = QUICK_SHARE if given.quick else given.share
    print("| proof | what was done | what had to hold | found | time |\n|---|---|---|---|---|")
    all_held = True
    for name in given.only:
        with tempfile.TemporaryDirectory(prefix=f"annotui-{name}-") as folder:
            all_held &= prove(name, Wanted(given.seed, share, Path(folder)))
    return 0 if all_held else 1


def prove(name: str, wanted: Wanted) -> bool:
    """Do one proof; a crash of it is a finding too."""
    began = time.monotonic()
    try:
        findings = importlib.import_module(name).prove(wanted)
    except Exception as error:  # noqa: BLE001 (the other proofs go on)
        traceback.print_exc()
        findings = [
            Finding("the proof itself", "no crash", f"{type(error).__name__}: {error}", False)
        ]
    took = f"{time.monotonic() - began:.0f} s"
    for number, one in enumerate(findings):
        verdict = "" if one.held else "**NOT MET**: "
        cells = (name, one.done, one.target, verdict + one.found, took if not number else "")
        print("| " + " | ".join(map(of_table, cells)) + " |", flush=True)
    return all(one.held for one in findings)


def of_table(cell: str) -> str:
    """One line, with nothing that a table or a terminal could act on, and not too long."""
    line = visible(" ".join(cell.split()))
    return (line if len(line) <= LONGEST_CELL else line[: LONGEST_CELL - 1] + "…").replace(
        "|", "\\|"
    )


if __name__ == "__main__":
    sys.exit(main())
