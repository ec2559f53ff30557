"""Tab completes in bash, zsh and fish, as those shells themselves say."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from cli_program import NASTY, SEED_ID, Annotui, environment

from annotui.cli.main import cli


@pytest.fixture
def program_folder(tmp_path: Path) -> Path:
    """A folder with a program called annotui, which is this one."""
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "annotui"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m annotui "$@"\n')
    program.chmod(0o755)
    return folder


def offered(shell: str, script: str, words: str, program_folder: Path) -> list[str]:
    """What a shell offers for the last of ``words``."""
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    asked = {
        "bash": "source ./script; COMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); "
        'compopt() {{ :; }}; _annotui_completion annotui; printf "%s\\n" "${{COMPREPLY[@]}}"',
        "fish": 'source ./script; complete -C "{words}"',
        "zsh": "compdef() {{ : }}; source ./script; words=({words}); "
        "CURRENT=$#words; _describe() {{ print -l -- ${{(P)3}} }}; "
        "compadd() {{ print -l -- ${{(P)argv[-1]}} }}; _path_files() {{ : }}; _annotui_completion",
    }[shell]
    words = words if not words.endswith(" ") or shell == "fish" else f"{words}''"
    Path("script").write_text(script)
    done = subprocess.run(
        [shell, *(["--no-config"] if shell == "fish" else []), "-c", asked.format(words=words)],
        env={**environment(), "PATH": f"{program_folder}:/usr/bin:/bin", "HOME": "."},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stderr == ""
    return [line.split("\t")[0].split(":")[0] for line in done.stdout.splitlines() if line]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_commands_documents_labels_and_choices_are_offered(
    shell: str, seeded: Annotui, program_folder: Path
) -> None:
    seeded("annotate", SEED_ID[:6], "claim", "--quote", "40 people", "--annotator", "beth")
    ran = seeded("completion", shell)
    assert (ran.code, ran.err) == (0, "")
    for words, wanted in (
        ("annotui expo", ["export"]),
        ("annotui un", ["undo"]),
        ("annotui show 6", [SEED_ID[:8]]),
        (f"annotui annotate {SEED_ID[:6]} st", ["statistic"]),
        ("annotui export --label den", ["denial"]),
        ("annotui list --sort ti", ["title"]),
        ("annotui completion z", ["zsh"]),
        ("annotui --db nowhere.db show 6", []),
    ):
        assert offered(shell, ran.text, words, program_folder) == wanted, words
    found = offered(shell, ran.text, "annotui verify --re", program_folder)
    assert found == ["--reindex"]


def test_files_are_completed_by_the_shell(seeded: Annotui, program_folder: Path) -> None:
    Path("article one.txt").write_text("One.")
    script = seeded("completion", "fish").text
    found = offered("fish", script, "annotui add art", program_folder)
    assert found == ["article one.txt"]


def test_titles_that_are_offered_hold_no_control_and_damage_is_silent(
    annotui: Annotui, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    Path("a.txt").write_text("An article.")
    annotui("add", "a.txt", "--title", NASTY.replace("\x00", ""))
    monkeypatch.setenv("_ANNOTUI_COMPLETE", "fish_complete")
    monkeypatch.setenv("COMP_WORDS", "annotui show ")
    monkeypatch.setenv("COMP_CWORD", "")
    for db in (b"", b"damaged"):
        if db:
            Path("annotations.db").write_bytes(db)
        with pytest.raises(SystemExit):
            annotui()
        out, err = capfdbinary.readouterr()
        assert bool(out.strip()) is not bool(db)
        assert err == b""
        assert b"\x1b" not in out
        assert b"\x9b" not in out.decode().encode("latin-1", "ignore")


def test_an_unknown_shell_is_refused(annotui: Annotui) -> None:
    assert annotui("completion", "csh").code == 2


def test_the_help_page_has_every_command_once_under_a_heading(annotui: Annotui) -> None:
    page = annotui("--help").text
    commands = page[page.index("Articles:") : page.index("Options:")].splitlines()
    listed = [line.split()[0] for line in commands if line.startswith("  ")]
    assert sorted(listed) == sorted(cli.commands)
    assert max(map(len, page.splitlines())) <= 100
    assert page.index("Examples:") < page.index("Articles:")


SHOWS_COMPLETION = {
    "bash": "complete -p annotui",
    "zsh": "print -- $_comps[annotui]",
    "fish": 'complete -C "annotui compl"',
}


@pytest.mark.parametrize("shell", SHOWS_COMPLETION)
def test_the_lines_of_the_help_set_it_up_for_a_new_shell(
    shell: str, annotui: Annotui, program_folder: Path, tmp_path: Path
) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    home = tmp_path / "home"
    home.mkdir()
    env = {**environment(), "PATH": f"{program_folder}:/usr/bin:/bin", "HOME": str(home)}
    env = {name: value for name, value in env.items() if not name.startswith(("XDG_", "ZDOTDIR"))}

    def types(*line: str) -> str:
        done = subprocess.run(
            [shell, *line],
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return done.stdout

    help_text = annotui("completion", "--help").out.decode()
    part = help_text.split(f"\n  {shell}\n")[1]
    lines = [line.strip() for line in part.splitlines()[:2]]
    assert all(line.startswith(("annotui completion", "echo", "mkdir")) for line in lines)
    wanted = "completion" if shell == "fish" else "_annotui_completion"
    assert wanted not in types("-i", "-c", SHOWS_COMPLETION[shell])
    types("-c", "\n".join(lines))
    assert wanted in types("-i", "-c", SHOWS_COMPLETION[shell])
