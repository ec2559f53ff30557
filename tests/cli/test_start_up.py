"""The command line starts without what only some commands need."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from cli_program import environment

HEAVY = ("textual", "rich", "sqlite_utils", "sqlite3", "pandas", "annotui.services", "subprocess")


def ran(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", script],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    "call", ["None", "main(['--help'])", "main(['--version'])", "main(['list', '--nonsense'])"]
)
def test_starting_loads_neither_textual_nor_rich_nor_sqlite(call: str, tmp_path: Path) -> None:
    script = (
        "import sys\n"
        "from annotui.cli.main import main\n"
        f"{call}\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    child = ran(script, tmp_path)
    assert child.returncode == 0
    assert child.stderr.splitlines()[-1] == "[]"
    assert list(tmp_path.iterdir()) == []


def test_an_interrupt_while_it_starts_is_no_traceback(tmp_path: Path) -> None:
    script = (
        "import sys\n"
        "class Interrupting:\n"
        "    def find_spec(self, name, *rest):\n"
        "        if name == 'annotui.cli.output':\n"
        "            raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Interrupting())\n"
        "from annotui.__main__ import run\n"
        "run()"
    )
    child = ran(script, tmp_path)
    assert (child.returncode, child.stderr) == (130, "")
