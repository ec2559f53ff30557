"""Every command that README and docs show is run, as it stands there, in a scratch folder."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from annotui.cli.main import cli
from annotui.domain.span import Span
from annotui.services.workspace import Workspace
from formats.article_bytes import docx, pdf
from stored_files import session_on

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
SEED = ROOT / "seeds" / "000_1182b3f968a00b82.txt"

NOT_RUN = {
    "python3 -m venv": "makes an environment from the network; tried by hand from a fresh clone",
    "uv run": "the same",
    "pip install": "the same",
    "python benchmarks/": "takes minutes and wants an idle machine",
    "python robustness/": "takes minutes to hours; the quick part is in tests/",
    "annotui review --summary": "needs a review that was begun on the screen: tests/cli",
    "annotui resolve 3f9a1c": "needs the id of a conflict of this file: tests/cli",
    "annotui article.txt": "opens the reader: tests/terminal",
    "annotui --blind": "opens the reader: tests/terminal",
}
"""How commands begin that are not run here, and why."""

FINISHED = (0, 3)
"""Exit codes: done, and done but something was left out."""

_BLOCK = re.compile(r"^ *```(sh|console|toml)\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`([^`\n]+)`")
_PLACEHOLDER = re.compile(r"[A-Z]{2,}|…|\[|\\\||\b[NMK]\b")


class Shown(NamedTuple):
    """Commands that a page shows together, in order."""

    page: str
    line: int
    commands: tuple[str, ...]


def shown_blocks() -> Iterator[Shown]:
    for page in PAGES:
        text = page.read_text("utf-8")
        for block in _BLOCK.finditer(text):
            if block[1] == "toml":
                continue
            lines = [line.strip() for line in block[2].splitlines() if line.strip()]
            if block[1] == "console":
                lines = [line[2:] for line in lines if line.startswith("$ ")]
            yield Shown(page.name, text.count("\n", 0, block.start()) + 2, tuple(lines))


def shown_inline() -> list[str]:
    """Every `annotui …` and `sqlite3 …` within a sentence."""
    found = {
        code
        for page in PAGES
        for code in _INLINE.findall(page.read_text("utf-8"))
        if re.match(r"(annotui|sqlite3|python\d?|uv|pip)( |$)", code)
    }
    return sorted(found)


def why_not_run(command: str) -> str:
    return next((why for start, why in NOT_RUN.items() if command.startswith(start)), "")


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all that the pages speak of, and programs that stand for the world."""
    folder = tmp_path_factory.mktemp("docs")
    (folder / "article.txt").write_text(
        "An article\n\n" + "It has words upon words, and more. " * 400, "utf-8"
    )
    for number, names in enumerate((("ann", "bob"), ("amy",), ("bob",))):
        path = folder / ("annotations.db", "amy.db", "bob.db")[number]
        for name in names:
            workspace = Workspace(path, name)
            session = session_on(workspace, SEED.read_text("utf-8"))
            session.annotate([Span(10 + number, 60)], "claim", note="a note")
            session.annotate([Span(100, 140 + len(name))], "denial")
            longer = session_on(workspace, (folder / "article.txt").read_text("utf-8"))
            longer.annotate([Span(12, 24)], "statistic")
            workspace.close()
    news = folder / "news" / "today"
    news.mkdir(parents=True)
    (news / "b.txt").write_text("Budget minister presents a budget. The tax plan stands.")
    (folder / "report.pdf").write_bytes(pdf("A report of one line."))
    (folder / "letter.docx").write_bytes(docx("A letter.", "With two paragraphs."))
    programs = folder / "bin"
    programs.mkdir()
    page = "<html><head><title>A page</title></head><body><p>Words of a page.</p></body></html>"
    for name, script in {
        "annotui": f'exec {sys.executable} -m annotui "$@"',
        "curl": f"echo '{page}'",
        "python": f'exec {sys.executable} "$@"',
    }.items():
        (programs / name).write_text(f"#!/bin/sh\n{script}\n")
        (programs / name).chmod(0o755)
    return folder


@pytest.fixture
def scratch(prepared: Path, tmp_path: Path) -> Path:
    shutil.copytree(prepared, tmp_path / "scratch")
    return tmp_path / "scratch"


def damage(path: Path) -> None:
    """Change one letter of the longer text."""
    whole = path.read_bytes()
    place = whole.rindex(b"words upon words, and more. It has")
    path.write_bytes(whole[:place] + b"W" + whole[place + 1 :])


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ANNOTUI")}
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        cwd=folder,
        env={
            **kept,
            "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT / "src"),
            "HOME": str(folder),
            "EDITOR": "true",
            "ANNOTUI_ANNOTATOR": "ann",
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def is_finished(done: subprocess.CompletedProcess[str]) -> bool:
    """Whether a command did what it should, or was about to open a screen."""
    return done.returncode in FINISHED or "needs a terminal for both" in done.stderr


def name_of(shown: Shown) -> str:
    return f"{shown.page}:{shown.line}"


@pytest.mark.parametrize("shown", shown_blocks(), ids=name_of)
def test_the_commands_of_a_block_run_one_after_the_other(shown: Shown, scratch: Path) -> None:
    assert shown.commands
    if shown.page == "recovery.md" and "import" in shown.commands[-1]:
        damage(scratch / "annotations.db")
        run("annotui recover annotations.db recovered.db", scratch)
    for command in shown.commands:
        if why_not_run(command):
            continue
        done = run(command, scratch)
        assert is_finished(done), f"{command}\n{done.stdout}{done.stderr}"
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", shown_inline())
def test_a_command_within_a_sentence_runs_or_names_what_there_is(
    command: str, scratch: Path
) -> None:
    """Where names have to be put in (DOCUMENT, …) only command and options are looked at."""
    if why_not_run(command):
        return
    if _PLACEHOLDER.search(command) or lacks_names(command):
        check_names(command)
        return
    if command.split()[0] == "sqlite3" and shutil.which("sqlite3") is None:
        pytest.skip("the sqlite3 program is not installed")
    if command == "annotui import marks.csv":
        run("annotui export -o marks.csv", scratch)
    done = run(command, scratch)
    assert is_finished(done), f"{command}\n{done.stdout}{done.stderr}"


def lacks_names(command: str) -> bool:
    """Whether it is a bare command that needs more to be run."""
    program, *words = command.split()
    if program != "annotui" or len(words) > 1:
        return False
    return not words or any(one.required for one in cli.commands[words[0]].params)


def check_names(command: str) -> None:
    words = command.split()[1:]
    if not words or words[0].startswith("["):
        return
    assert words[0] in cli.commands, command
    known = {option for one in cli.commands[words[0]].params for option in one.opts}
    assert {word.strip("[]") for word in words if word.startswith("--")} <= known, command


def test_every_option_in_the_readmes_table_is_one_of_its_commands() -> None:
    table = (ROOT / "README.md").read_text("utf-8").split("## Commands")[1].split("\n## ")[0]
    lines = [line for line in table.splitlines() if line.startswith("| `annotui")]
    assert len(lines) > 15
    for line in lines:
        names = re.findall(r"`(?:annotui )?([a-z]+)\b[^`]*`", line)
        commands = [cli.commands[name] for name in names if name in cli.commands] or [cli]
        nested = [one for command in commands for one in getattr(command, "commands", {}).values()]
        known = {option for one in (*commands, *nested) for p in one.params for option in p.opts}
        for option in re.findall(r"--[a-z-]+", line):
            assert option in {"--help", *known}, f"{option} in {line}"


def test_every_toml_block_can_be_read() -> None:
    blocks = [block for page in PAGES for block in _BLOCK.findall(page.read_text("utf-8"))]
    texts = [text for kind, text in blocks if kind == "toml"]
    assert len(texts) >= 2
    for text in texts:
        assert tomllib.loads(text)


def test_what_is_not_run_is_shown_somewhere() -> None:
    shown = [command for block in shown_blocks() for command in block.commands]
    for start, why in NOT_RUN.items():
        assert why
        assert any(command.startswith(start) for command in (*shown, *shown_inline())), start
