"""How long annotui takes to answer a key, beside its peers; README.md says what is measured.

Run by hand: ``python benchmarks/keys.py --quick``.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

from bench import MARKS, Benchmark
from figures import (
    Figures,
    KeyFigures,
    LabelFigures,
    MemoryFigures,
    OpenFigures,
    StartFigures,
    key_table,
    label_table,
    medians,
    memory_table,
    open_table,
    start_table,
)
from measure import Plan
from programs import READERS, Program
from targets import target_table, verdicts
from workshop import Workshop

PARTS = ("startup", "open", "keys", "label")
FULL = Plan(keys=120, slow_keys=30, labels=100, starts=9, openings=5, repeat=3)
QUICK = Plan(keys=24, slow_keys=8, labels=20, starts=3, openings=1, repeat=1)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the tables; 1 when a target is missed or something could not be measured."""
    options = _options(arguments)
    parts = [options.only] if options.only else PARTS
    with tempfile.TemporaryDirectory(prefix="annotui-bench-", dir=options.scratch) as folder:
        workshop = Workshop(Path(folder).resolve())
        benchmark = Benchmark(workshop, _programs(options), options.sizes, _plan(options))
        for part in parts:
            getattr(benchmark, part)()
    figures: list[Figures] = medians(benchmark.figures)
    found = verdicts(figures)
    print(_report(figures, benchmark.troubles))
    if found:
        print(f"\n## Targets\n\n{target_table(found)}")
    if options.json:
        _write_json(options.json, benchmark, figures)
    return 0 if all(verdict.met for verdict in found) and not benchmark.troubles else 1


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--programs", nargs="+", choices=READERS, default=list(READERS))
    parser.add_argument("--sizes", nargs="+", choices=MARKS, default=list(MARKS))
    parser.add_argument("--only", choices=PARTS, help="one part instead of all four")
    parser.add_argument("--quick", action="store_true", help="few keys, one run of each")
    parser.add_argument("--keys", type=int, help="keys of each kind (120)")
    parser.add_argument("--slow-keys", type=int, help="the same for slow peers (30)")
    parser.add_argument("--labels", type=int, help="label keys (100)")
    parser.add_argument("--starts", type=int, help="starts for the first paint (9)")
    parser.add_argument("--openings", type=int, help="openings of each text (5)")
    parser.add_argument("--repeat", type=int, help="runs of the keys, programs in turn (3)")
    parser.add_argument("--json", type=Path, metavar="PATH", help="write every figure there")
    parser.add_argument("--scratch", type=Path, help="folder for texts and databases")
    return parser.parse_args(arguments)


def _plan(options: argparse.Namespace) -> Plan:
    plan = QUICK if options.quick else FULL
    given = {name: getattr(options, name) for name in Plan.__dataclass_fields__}
    return replace(plan, **{name: number for name, number in given.items() if number})


def _programs(options: argparse.Namespace) -> list[Program]:
    """The programs that were asked for and are there."""
    chosen = [READERS[name] for name in options.programs]
    for program in chosen:
        if not program.installed:
            print(f"{program.name} is left out: no module {program.needs!r}.", file=sys.stderr)
    return [program for program in chosen if program.installed]


def _report(figures: Sequence[Figures], troubles: Sequence[str]) -> str:
    starts = [line for line in figures if isinstance(line, StartFigures)]
    opens = [line for line in figures if isinstance(line, OpenFigures)]
    keys = [line for line in figures if isinstance(line, KeyFigures)]
    memory = [line for line in figures if isinstance(line, MemoryFigures)]
    labels = [line for line in figures if isinstance(line, LabelFigures)]
    parts = [_machine()]
    if starts:
        parts.append(f"## First paint of a small article\n\n{start_table(starts)}")
    if opens:
        parts.append(f"## Opening\n\n{open_table(opens)}")
    if keys:
        parts.append(f"## Keys\n\n{key_table(keys)}")
    if memory:
        parts.append(f"## Memory after the keys\n\n{memory_table(memory)}")
    if labels:
        parts.append(f"## Label keys\n\n{label_table(labels)}")
    if troubles:
        parts.append("## Not measured\n\n" + "\n".join(f"- {trouble}" for trouble in troubles))
    return "\n\n".join(parts)


def _machine() -> str:
    load = os.getloadavg()[0]
    return f"Python {platform.python_version()}, {os.cpu_count()} cores, load now {load:.1f}"


def _write_json(path: Path, benchmark: Benchmark, figures: Sequence[Figures]) -> None:
    def listed(lines: Sequence[Figures]) -> list[dict[str, object]]:
        return [{"what": type(line).__name__, **asdict(line)} for line in lines]

    content = {
        "machine": _machine(),
        "plan": asdict(benchmark.plan),
        "runs": listed(benchmark.figures),
        "medians": listed(figures),
        "troubles": benchmark.troubles,
    }
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
