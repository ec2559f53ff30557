"""The entry: which command is meant, whose database, and how failures end."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from cli_program import SEED, Annotui, environment, in_terminal, program, rows, run

import annotui.cli.articles
import annotui.tui.app
from annotui.cli import output, settings
from annotui.cli.main import cli
from annotui.services.config import Config


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Path, str, list[str]]]:
    """Calls of the reader, which is not started; there seems to be a terminal."""
    calls: list[tuple[Path, str, list[str]]] = []

    def reader(path: Path, annotator: str, document_ids: list[str], config: Config) -> int:
        calls.append((path, annotator, document_ids))
        return 7

    monkeypatch.setattr(annotui.tui.app, "read", reader)
    monkeypatch.setattr(output, "is_terminal", lambda stream: True)
    return calls


def test_a_first_argument_that_is_no_command_is_an_article(
    annotui: Annotui, opened: list[tuple[Path, str, list[str]]]
) -> None:
    Path("one.txt").write_text("One.")
    Path("two.txt").write_text("Two.")
    assert annotui("one.txt", "two.txt").code == 7
    ids = [row[0] for row in rows(Path("annotations.db"), "SELECT id FROM document ORDER BY rowid")]
    assert opened == [(Path("annotations.db"), "ann", ids)]
    assert annotui("--db", "x.db", "one.txt", "--annotator", "bo").code == 7
    assert opened[-1] == (Path("x.db"), "bo", ids[:1])


def test_without_arguments_the_reader_decides_what_to_open(
    annotui: Annotui, opened: list[tuple[Path, str, list[str]]]
) -> None:
    assert annotui("--annotator", "bo").code == 7
    assert annotui("read").code == 7
    assert opened == [(Path("annotations.db"), "bo", []), (Path("annotations.db"), "ann", [])]
    assert not Path("annotations.db").exists()


def test_reading_an_article_again_writes_nothing(
    annotui: Annotui, opened: list[tuple[Path, str, list[str]]]
) -> None:
    Path("one.txt").write_text("One.")
    annotui("one.txt")
    before = Path("annotations.db").read_bytes()
    annotui("one.txt")
    assert Path("annotations.db").read_bytes() == before
    assert opened[0] == opened[1]


def test_a_document_whose_file_is_gone_opens_by_id_title_or_path(
    annotui: Annotui, opened: list[tuple[Path, str, list[str]]]
) -> None:
    Path("one.txt").write_text("One.")
    annotui("one.txt")
    Path("one.txt").unlink()
    for reference in (opened[0][2][0][:6], "One.", "one.txt"):
        assert annotui("read", reference).code == 7
        assert opened[-1] == opened[0]


def test_a_bad_article_opens_nothing_and_adds_nothing(
    annotui: Annotui, opened: list[tuple[Path, str, list[str]]]
) -> None:
    Path("one.txt").write_text("One.")
    ran = annotui("one.txt", "nosuch.txt")
    assert (ran.code, opened) == (1, [])
    assert ran.err == "annotui: There is no file nosuch.txt. Nothing was added.\n"
    assert not Path("annotations.db").exists()


def test_a_file_called_like_a_command_is_reached_by_read_or_a_path(
    annotui: Annotui, opened: list[tuple[Path, str, list[str]]]
) -> None:
    Path("list").write_text("A list.")
    Path("-odd").write_text("Odd.")
    assert annotui("read", "list").code == 7
    assert annotui("./list").code == 7
    assert annotui("--", "-odd").code == 7
    assert len(opened) == 3


def test_a_mistyped_command_names_the_near_ones_and_does_nothing(annotui: Annotui) -> None:
    ran = annotui("exprot", "-o", "x.csv")
    assert ran.code == 2
    assert "'exprot' is neither a command nor a file. Did you mean export?" in ran.err
    assert "Nothing was done." in ran.err
    assert list(Path().iterdir()) == []


def test_reading_with_the_screen_sent_to_a_file_says_so(tmp_path: Path) -> None:
    main_end, own_end = os.openpty()
    with (tmp_path / "errors").open("wb") as errors:
        done = subprocess.run(
            [sys.executable, "-m", "annotui", "--db", str(tmp_path / "x.db"), str(SEED)],
            stdin=own_end,
            stdout=own_end,
            stderr=errors,
            check=False,
            timeout=60,
        )
    os.close(main_end)
    os.close(own_end)
    assert done.returncode == 1
    said = (tmp_path / "errors").read_text()
    assert said.startswith("annotui: Reading needs a terminal")
    assert not (tmp_path / "x.db").exists()


def test_reading_without_a_terminal_says_so_and_writes_nothing(tmp_path: Path) -> None:
    for arguments in ((), ("read",), (str(SEED),)):
        ran = run(*arguments, cwd=tmp_path)
        assert ran.code == 1
        assert ran.err.startswith("annotui: Reading needs a terminal")
    assert list(tmp_path.iterdir()) == []


def test_the_option_after_the_command_wins_over_the_one_before_and_the_variable(
    annotui: Annotui, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("one.txt").write_text("One.")
    monkeypatch.setenv("ANNOTUI_DB", "variable.db")
    annotui("add", "one.txt")
    annotui("--db", "before.db", "add", "one.txt")
    annotui("--db", "before.db", "add", "--db", "after.db", "one.txt", "--annotator", "bo")
    assert {path.name for path in Path().glob("*.db")} == {"variable.db", "before.db", "after.db"}
    assert rows(Path("after.db"), "SELECT name FROM annotator") == [("bo",)]
    assert rows(Path("variable.db"), "SELECT name FROM annotator") == [("ann",)]


def test_the_annotator_is_gits_user_name_else_the_login_name(
    annotui: Annotui, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ANNOTUI_ANNOTATOR")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(Path("gitconfig").absolute()))
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    Path("gitconfig").write_text("[user]\n\tname = Zoë Git\n")
    chosen = settings.Settings(Path("x.db"), None)
    assert chosen.annotator_name() == "Zoë Git"
    Path("gitconfig").write_text("")
    monkeypatch.setenv("LOGNAME", "login")
    assert chosen.annotator_name() == "login"
    monkeypatch.setenv("PATH", "")
    assert chosen.annotator_name() == "login"
    monkeypatch.setattr("getpass.getuser", lambda: (_ for _ in ()).throw(KeyError("uid")))
    ran = annotui("add", str(SEED))
    assert (ran.code, Path("annotations.db").exists()) == (1, False)
    assert "--annotator" in ran.err


def test_every_command_has_help_and_takes_db_and_annotator(annotui: Annotui) -> None:
    assert "annotui export -o marks.csv" in annotui("--help").text
    for name, command in cli.commands.items():
        ran = annotui(name, "-h")
        assert (ran.code, ran.err) == (0, "")
        assert "--db PATH" in ran.text
        assert "--annotator NAME" in ran.text
        short = command.get_short_help_str(200)
        assert len(short) <= 64, short


def test_version_and_both_entries(annotui: Annotui, tmp_path: Path) -> None:
    assert annotui("--version").text.startswith("annotui 0.")
    assert run("--version", cwd=tmp_path).text == annotui("--version").text


def test_wrong_usage_exits_2_with_one_message(annotui: Annotui) -> None:
    for arguments in (
        ("--nonsense",),
        ("list", "--nonsense"),
        ("list", "extra"),
        ("list", "--format", "xml"),
        ("add",),
        ("--db",),
        ("export", "--status", "maybe"),
        ("annotators", "--rename", "one"),
    ):
        ran = annotui(*arguments)
        assert (ran.code, ran.out) == (2, b"")
        assert sum(line.startswith("annotui: ") for line in ran.err.splitlines()) == 1
        assert "Traceback" not in ran.err
    assert list(Path().iterdir()) == []


def test_a_reader_that_goes_away_is_no_failure_of_ours(tmp_path: Path) -> None:
    run("add", str(SEED), cwd=tmp_path)
    for arguments in (["list"], ["export"], ["show", "6f0c9d"], ["--help"]):
        read_end, write_end = os.pipe()
        os.close(read_end)
        child = subprocess.run(
            program(*arguments),
            cwd=tmp_path,
            stdout=write_end,
            stderr=subprocess.PIPE,
            env=environment(),
            timeout=60,
            check=False,
        )
        os.close(write_end)
        assert (child.returncode, child.stderr) == (141, b"")


def test_a_full_or_closed_standard_output_is_one_message(tmp_path: Path) -> None:
    run("add", str(SEED), cwd=tmp_path)
    for redirection in (">/dev/full", ">&-"):
        done = subprocess.run(
            ["/bin/sh", "-c", f'"$0" -m annotui list {redirection}', program()[0]],
            cwd=tmp_path,
            env=environment(),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 1
        assert done.stderr.startswith("annotui: Standard output ")
        assert done.stderr.count("\n") == 1


def test_ctrl_c_ends_quietly_with_130(tmp_path: Path) -> None:
    code, sent = in_terminal(
        "add", "-", cwd=tmp_path, typed=b"half\x03", typed_after=b"ends it.\r\n"
    )
    assert code == 130
    echoed = sent.partition(b"ends it.\r\n")[2].split()
    assert len(echoed) == 1
    assert echoed[0].removeprefix(b"half").replace(b"^C", b"") == b""
    assert list(tmp_path.iterdir()) == []


def test_an_article_typed_in_the_terminal_is_taken_in(tmp_path: Path) -> None:
    code, sent = in_terminal(
        "add", "-", cwd=tmp_path, typed=b"Typed.\n\x04", typed_after=b"ends it.\r\n"
    )
    assert code == 0, sent
    assert rows(tmp_path / "annotations.db", "SELECT text FROM document") == [("Typed.\n",)]


def test_a_bug_crashes_with_its_traceback_and_no_control_byte(tmp_path: Path) -> None:
    script = (
        "import sys; sys.argv = ['annotui', 'list']\n"
        "from annotui.cli import main as entry\n"
        "def broken(*a, **k): raise ValueError('bug \\x1b]0;x\\x07')\n"
        "entry.cli.commands['list'].callback = broken\n"
        "entry.run()\n"
    )
    done = subprocess.run(
        [program()[0], "-c", script],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "Traceback" in done.stderr
    assert "ValueError: bug ␛]0;x␇" in done.stderr


def test_a_deleted_working_folder_is_one_message(tmp_path: Path) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    ran = run("add", "x.txt", cwd=folder, before=folder.rmdir)
    assert ran.code == 1
    assert ran.err.startswith("annotui: The folder you are in was deleted")
