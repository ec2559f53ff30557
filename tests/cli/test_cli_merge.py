"""annotui merge: other people's files into one's own."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from cli_program import CONTROLS, NASTY, SEED, SEED_ID, Annotui, in_terminal, rows

from annotui.domain.annotation import Annotation
from annotui.services import library
from annotui.services.session import Session
from annotui.services.workspace import Workspace

ASKED = b"q merges nothing"
MINE, THEIRS = Path("annotations.db"), Path("theirs.db")


@pytest.fixture
def forked(seeded: Annotui) -> Annotui:
    """A file with one mark, and a copy of it."""
    assert seeded("annotate", SEED_ID, "claim", "--start", "0", "--end", "30").code == 0
    shutil.copy(MINE, THEIRS)
    return seeded


def edit(path: Path, action: Callable[[Session, Annotation], object]) -> None:
    workspace = Workspace(path, "ann")
    session = Session(workspace, library.document(workspace, SEED_ID))
    action(session, session.annotations()[0])
    workspace.close()


@pytest.fixture
def torn(forked: Annotui) -> Annotui:
    """The two with a conflict between them, and a new mark there."""
    edit(MINE, lambda session, mark: session.relabel(mark, "denial"))
    edit(THEIRS, lambda session, mark: session.set_note(mark, NASTY))
    added = forked(
        "--db", "theirs.db", *["annotate", "6f0c9d", "statistic", "--start", "40", "--end", "60"]
    )
    assert added.code == 0
    return forked


def test_what_came_in_is_told_and_in_the_log(forked: Annotui) -> None:
    forked(
        "--db",
        "theirs.db",
        "--annotator",
        "bob",
        "annotate",
        SEED_ID,
        "claim",
        "--quote",
        "Kadyrov",
    )
    ran = forked("merge", "theirs.db")
    assert (ran.code, ran.text) == (0, "theirs.db: 1 annotator, 1 annotation.\n")
    assert "theirs.db: 1 annotator, 1 annotation" in forked("log").text
    again = forked("merge", "theirs.db")
    assert (again.code, again.text) == (0, "theirs.db: nothing that is not here.\n")


def test_a_dry_run_tells_the_same_and_changes_nothing(torn: Annotui) -> None:
    before = MINE.read_bytes()
    ran = torn("merge", "theirs.db", "--dry-run", "--prefer", "theirs")
    assert ran.code == 0
    assert ran.text == "theirs.db: 1 annotation, 1 conflict decided for theirs would come in.\n"
    assert MINE.read_bytes() == before


def test_conflicts_are_listed_where_nobody_can_be_asked(torn: Annotui) -> None:
    before = MINE.read_bytes()
    ran = torn("merge", "theirs.db")
    assert (ran.code, ran.out) == (1, b"")
    assert "Nothing was merged. --prefer mine, theirs or newest decides" in ran.err
    for words in ("denial", "claim", "note by ann", "relabel by ann", "“The Chechen president"):
        assert words in ran.err
    assert not CONTROLS.search(ran.err)
    assert MINE.read_bytes() == before


@pytest.mark.parametrize(
    ("prefer", "label"), [("mine", "denial"), ("theirs", "claim"), ("newest", "claim")]
)
def test_prefer_decides(prefer: str, label: str, torn: Annotui) -> None:
    assert torn("merge", "theirs.db", "--prefer", prefer).code == 0
    found = rows(MINE, "SELECT label FROM annotations WHERE start = 0")
    assert found == [(label,)]
    assert torn("verify").code == 0


@pytest.mark.parametrize(
    ("key", "code", "label", "marks"),
    [
        (b"?m", 0, "denial", 2),
        (b"?t", 0, "claim", 2),
        (b"?n", 0, "claim", 2),
        (b"?q", 1, "denial", 1),
    ],
)
def test_a_key_decides_in_a_terminal(
    key: bytes, code: int, label: str, marks: int, torn: Annotui, tmp_path: Path
) -> None:
    ended, sent = in_terminal("merge", "theirs.db", cwd=tmp_path, typed=key, typed_after=ASKED)
    assert ended == code
    text = sent.decode("utf-8").replace("\r\n", "\n")
    assert "Conflict 1 of 1 with theirs.db: annotation “The Chechen" in text
    assert not CONTROLS.search(text.partition("→")[0])
    assert rows(MINE, "SELECT label FROM annotations WHERE start = 0") == [(label,)]
    assert rows(MINE, "SELECT count(*) FROM annotations") == [(marks,)]
    if code:
        assert "nothing was merged" in text


def test_ctrl_c_at_a_conflict_merges_nothing(torn: Annotui, tmp_path: Path) -> None:
    before = MINE.read_bytes()
    ended, _ = in_terminal("merge", "theirs.db", cwd=tmp_path, typed=b"?\x03", typed_after=ASKED)
    assert ended == 130
    assert MINE.read_bytes() == before


def test_new_labels_and_differing_ones_are_told(forked: Annotui) -> None:
    Path("labels.toml").write_text(
        '[[label]]\nname = "claim"\nkey = "z"\nglyph = "◆"\ncolour = "#ffffff"\n'
        '[[label]]\nname = "rumour"\nkey = "R"\nglyph = "▲"\ncolour = "#123456"\n'
    )
    assert forked("--db", "theirs.db", "labels", "--import", "labels.toml").code == 0
    ran = forked("merge", "theirs.db")
    assert ran.code == 0
    assert "New labels: rumour." in ran.err
    assert "stay as they are here: claim (key, " in ran.err
    assert rows(MINE, "SELECT key FROM label WHERE name = 'claim'") == [("c",)]


@pytest.mark.parametrize("name", ["none.db", "article.txt", "empty.db", "."])
def test_what_is_no_database_of_annotuis_is_refused(name: str, forked: Annotui) -> None:
    shutil.copy(SEED, "article.txt")
    Path("empty.db").touch()
    before = MINE.read_bytes()
    ran = forked("merge", "theirs.db", name)
    assert (ran.code, ran.out) == (1, b"")
    assert ran.err.startswith("annotui: ")
    assert name in ran.err
    assert MINE.read_bytes() == before


def test_a_file_is_not_merged_into_itself(forked: Annotui) -> None:
    ran = forked("merge", "annotations.db")
    assert (ran.code, ran.err) == (
        1,
        "annotui: annotations.db is the same file as annotations.db. Nothing was merged; name "
        "another.\n",
    )


def test_a_file_that_is_not_there_is_named_and_nothing_is_merged(annotui: Annotui) -> None:
    done = annotui("merge", "nope.db")
    assert (done.code, done.err) == (1, "annotui: There is no file nope.db. Nothing was merged.\n")
    assert not Path("annotations.db").exists()
