"""Run the quick tests with the oldest and with the newest allowed versions of every dependency.

Usage: ``python robustness/bounds.py [--end lowest newest] [--tests PATH…]``. Each end gets an
environment of its own, made by uv (which is installed into it first) with no constraints but
those of pyproject.toml: ``lowest-direct`` takes the lowest version of what is named there, and the
newest of what these need themselves. ``--seed`` is there as in the other programs; nothing here is
left to chance. Exit code 0: the tests passed at both ends.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ENDS = {"lowest": "lowest-direct", "newest": "highest"}
EXTRAS = ("html", "pdf", "docx", "xlsx")
QUICK = (
    "tests/domain",
    "tests/formats",
    "tests/services",
    "tests/storage",
    "tests/cli",
    "tests/tui",
)
NOT_OF_OURS = "not snapshot"
"""Pictures of whole screens belong to one version of Textual."""


def names() -> list[str]:
    """Every direct dependency of the program, extras included, as pyproject.toml names them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = [*project["dependencies"]]
    wanted += [one for name, extra in extras.items() if name != "test" for one in extra]
    return [one.split(">")[0].split("=")[0].split("<")[0].strip() for one in wanted]


def install(end: str, folder: Path) -> Path:
    """Make the environment; the answer is its Python."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    python = folder / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", "uv"], check=True)
    uv, chosen = folder / "bin" / "uv", folder / "program.txt"
    extras = [word for name in EXTRAS for word in ("--extra", name)]
    subprocess.run(
        [
            *(uv, "pip", "compile", "--quiet", "--resolution", ENDS[end], *extras),
            *("--python", python, "--output-file", chosen, ROOT / "pyproject.toml"),
        ],
        check=True,
    )
    # What the tests need is not of the program: its newest versions do at both ends.
    subprocess.run(
        [
            *(uv, "pip", "install", "--quiet", "--python", python),
            *("--constraint", chosen, "--editable", f"{ROOT}[test]"),
        ],
        check=True,
    )
    return python


def versions(python: Path) -> str:
    """What stands in the environment, of what pyproject.toml names."""
    code = (
        "import sys; from importlib.metadata import version\n"
        "print(', '.join(f'{name} {version(name)}' for name in sys.argv[1:]))"
    )
    done = subprocess.run(
        [python, "-c", code, *names()], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def try_end(end: str, tests: Sequence[str]) -> bool:
    """Install, run the tests, print a line of the table."""
    with tempfile.TemporaryDirectory(prefix=f"annotui-{end}-") as name:
        folder = Path(name)
        began = time.monotonic()
        python = install(end, folder / "venv")
        done = subprocess.run(
            [python, "-m", "pytest", "-p", "no:cacheprovider", "-k", NOT_OF_OURS, *tests],
            cwd=ROOT,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        lines = done.stdout.strip().splitlines() or [done.stderr.strip()[-200:]]
        failed = [line for line in lines if line.startswith(("FAILED", "ERROR"))]
        took = time.monotonic() - began
        print(f"| {end} | {versions(python)} | {lines[-1]} | {took:.0f} s |", flush=True)
        for line in failed[:20]:
            print(line, file=sys.stderr, flush=True)
        return done.returncode == 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Try the ends that are asked for; the answer is the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--end", nargs="+", choices=[*ENDS], default=[*ENDS])
    parser.add_argument("--tests", nargs="+", default=[*QUICK], help="what pytest runs")
    parser.add_argument("--seed", type=int, default=1, help="nothing here is left to chance")
    wanted = parser.parse_args(arguments)
    print("| end | versions | tests | time |\n|---|---|---|---|", flush=True)
    held = [try_end(end, wanted.tests) for end in wanted.end]
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
