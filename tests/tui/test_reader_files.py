"""The file under the reader: other programs, locks, failures, and whose marks are whose."""

from __future__ import annotations

import asyncio
import csv
import io
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from reader_desk import (
    ARTICLE,
    OTHER_ARTICLE,
    Desk,
    build,
    eventually,
    labelled,
    mark,
    marks,
    problems,
    reader,
    rows,
)

from annotui.errors import ExportError, StoreError
from annotui.services import history, interchange, upkeep
from annotui.services.history import BuiltOnError
from annotui.services.session import Outcome, Session
from annotui.services.workspace import Workspace
from annotui.storage.database import Store
from annotui.tui import scribe
from annotui.tui.screens.dialogs import ChoiceScreen, NoteScreen

CLAUSE = "that 40 people left the town in May"


@contextmanager
def lock(path: Path, kind: str = "IMMEDIATE") -> Iterator[sqlite3.Connection]:
    """Another program holds the file's lock."""
    with closing(sqlite3.connect(path, isolation_level=None)) as rival:
        rival.execute(f"BEGIN {kind}")
        yield rival


async def press_and_wait_for_saving(desk: Desk, key: str) -> None:
    desk.app.simulate_key(key)
    await eventually(lambda: "saving…" in desk.said, "saving…")


async def test_two_readers_see_each_others_marks(db: Path) -> None:
    mark(db, "Nobody", annotator="bob")
    async with reader(db, "ann") as ann, reader(db, "bob") as bob:
        await ann.go_to("people left")
        await ann.press("c")
        await eventually(lambda: ("claim", CLAUSE) in bob.painted, "ann's mark at bob's")
        assert "by others" in bob.screen.headline.text
        await bob.go_to("Nobody")
        await bob.press("t", "d")
        await eventually(lambda: ("denial", "Nobody") in ann.painted, "bob's change at ann's")
        await bob.press("x")
        await eventually(lambda: ann.painted == [("claim", CLAUSE)], "bob's removal at ann's")
        await bob.press("u")
        await eventually(lambda: ("denial", "Nobody") in ann.painted, "bob's undo at ann's")


async def test_a_stale_edit_is_refused_aloud_and_overwrites_nothing(db: Path) -> None:
    mark(db, "40 people", "claim")
    async with reader(db) as one, reader(db) as other:
        await one.press("]")
        one.screen._is_looking = True  # as if the look at the file had just been
        await other.press("]", "d")
        one.screen._is_looking = False
        await one.press("s")
        assert one.stored == [("denial", "40 people")]
        assert any("changed" in words for words in one.notified)
        assert any("statistic in place of claim" in words for words in one.notified)
        await eventually(lambda: one.painted == one.stored, "the other version")
    assert rows(db, "SELECT version FROM annotation") == [(2,)]


async def test_a_file_that_cannot_be_looked_at_is_told_of_once(
    db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = []

    def news(session: Session) -> list[object]:
        looks.append(session)
        raise StoreError("Not read: the file is damaged.")

    async with reader(db) as desk:
        monkeypatch.setattr(Session, "news", news)
        await eventually(lambda: len(looks) > 2, "three looks")
        assert desk.notified == ["Not read: the file is damaged."]


async def test_a_mark_removed_elsewhere_loses_its_focus(db: Path) -> None:
    mark(db, "40 people")
    async with reader(db) as one, reader(db) as other:
        await one.press("]")
        await other.press("]", "x")
        await eventually(lambda: one.painted == [], "the removal")
        assert one.focused is None
        assert one.view.focused_id == ""


async def test_a_lock_says_saving_and_the_caret_stays_live(db: Path) -> None:
    async with reader(db) as desk:
        await desk.go_to("people left")
        with lock(db) as rival:
            await press_and_wait_for_saving(desk, "c")
            caret = desk.view.caret
            desk.app.simulate_key("w")
            await eventually(lambda: desk.view.caret > caret, "the caret")
            desk.app.simulate_key("d")
            await eventually(lambda: "still being saved" in desk.said, "the refusal")
            desk.app.simulate_key("q")
            await eventually(lambda: "esc gives it up" in desk.said, "no quitting")
            assert desk.painted == []
            caret = desk.view.caret
            rival.execute("ROLLBACK")
        await desk.idle()
        assert desk.stored == desk.painted == [("claim", CLAUSE)]
        assert desk.view.caret == caret
        assert "saving" not in desk.said
        await desk.press("u")
        assert desk.stored == desk.painted == []


async def test_a_slow_mark_is_focused_when_nothing_was_pressed_meanwhile(db: Path) -> None:
    async with reader(db) as desk:
        await desk.go_to("people left")
        with lock(db) as rival:
            await press_and_wait_for_saving(desk, "c")
            await eventually(lambda: "another program" in desk.said, "the reason")
            rival.execute("ROLLBACK")
        await desk.idle()
        assert desk.focused == ("claim", CLAUSE)


async def test_esc_gives_up_what_waits_and_stores_nothing_of_it(db: Path) -> None:
    async with reader(db) as desk:
        await desk.go_to("people left")
        with lock(db):
            await press_and_wait_for_saving(desk, "c")
            desk.app.simulate_key("escape")
            await desk.idle()
            assert any("Not kept: claim on “that 40 people" in one for one in desk.notified)
            assert desk.painted == []
        assert desk.stored == []
        await desk.press("escape")
        assert desk.notified == []
        await desk.press("d")
        assert desk.stored == desk.painted == [("denial", CLAUSE)]


async def test_articles_do_not_change_under_a_change_that_waits(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    build(path, [ARTICLE, OTHER_ARTICLE])
    async with reader(path) as desk:
        with lock(path):
            await press_and_wait_for_saving(desk, "c")
            for key in "JKu":
                desk.app.simulate_key(key)
            await eventually(lambda: "still being saved" in desk.said, "the refusal")
            assert desk.text == ARTICLE
            desk.app.simulate_key("escape")
            await desk.idle()


async def test_a_file_locked_for_readers_too_ends_in_words(
    db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scribe, "READ_PATIENCE_S", 0.2)
    build(db, [OTHER_ARTICLE])
    async with reader(db) as desk:
        with lock(db, "EXCLUSIVE"):
            await desk.press("J")
            assert "another program holds the lock" in desk.said
            assert desk.text == ARTICLE
            await desk.press("w")
        await desk.press("J")
        assert desk.text == OTHER_ARTICLE


async def test_leaving_while_a_change_waits_says_that_it_was_not_kept(
    db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scribe, "DRAIN_PATIENCE_S", 0.1)
    with lock(db):
        async with reader(db) as desk:
            await press_and_wait_for_saving(desk, "c")
            desk.app.simulate_key("ctrl+q")
            await eventually(lambda: not desk.app.is_running, "the end")
            assert isinstance(desk.app.scribe.drain(), StoreError)
    assert labelled(db) == []


async def test_leaving_stores_a_change_whose_lock_goes_in_time(db: Path) -> None:
    with lock(db) as rival:
        async with reader(db) as desk:
            await desk.go_to("people left")
            await press_and_wait_for_saving(desk, "c")
            desk.app.simulate_key("ctrl+q")
            await eventually(lambda: not desk.app.is_running, "the end")
            rival.execute("ROLLBACK")
            assert desk.app.scribe.drain() is None
    assert labelled(db) == [("claim", CLAUSE)]


async def test_a_slow_disk_changes_nothing_about_what_keys_mean(
    db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = Store.writing

    @contextmanager
    def writing(store: Store) -> Iterator[object]:
        with begin(store) as open_db:
            yield open_db
            time.sleep(0.12)

    monkeypatch.setattr(Store, "writing", writing)
    async with reader(db) as desk:
        for key in ("}", "v", "e", "c", ".", "d", "s", ".", "a"):
            desk.app.simulate_key(key)
        await eventually(lambda: len(desk.painted) == 3, "three marks")
        await desk.idle()
        assert desk.stored == [
            ("claim", "The"), ("statistic", CLAUSE), ("attribution", "but the paper disagrees."),
        ]  # fmt: skip


def failing(code: int, words: str) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError(words)
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (sqlite3.SQLITE_FULL, "the disk is full"),
        (sqlite3.SQLITE_READONLY, "read-only"),
        (sqlite3.SQLITE_IOERR, "disk failed"),
        (sqlite3.SQLITE_CORRUPT, "damaged"),
    ],
)
@pytest.mark.parametrize("keys", ["c", "]s", "]x", "u"])
async def test_a_change_that_fails_says_so_and_paints_nothing(
    db: Path, monkeypatch: pytest.MonkeyPatch, code: int, words: str, keys: str
) -> None:
    mark(db, "40 people", "claim")
    before = labelled(db)
    async with reader(db) as desk:
        await desk.go_to("Nobody")
        if "]" in keys:
            await desk.go_to("The mayor")
        begin = Store.writing

        @contextmanager
        def writing(store: Store) -> Iterator[object]:
            with begin(store) as open_db:
                yield open_db
                raise failing(code, "simulated")

        monkeypatch.setattr(Store, "writing", writing)
        await desk.press(*keys)
        assert desk.painted == desk.stored == before
        assert len(desk.notified) == 1
        assert desk.notified[0].startswith("Not saved")
        assert words in desk.notified[0]
        assert "Not kept: " in desk.notified[0]
        monkeypatch.undo()
        await desk.press("escape", "c")
        assert desk.painted == desk.stored != before
    assert problems(db) == ()


async def test_a_note_that_was_not_kept_is_still_there(
    db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark(db, "40 people", "claim")
    async with reader(db) as desk:
        await desk.press("]", "i")
        await desk.shows(NoteScreen)
        await desk.type("long thought")
        with lock(db):
            await press_and_wait_for_saving(desk, "enter")
            desk.app.simulate_key("escape")
            await desk.idle()
        await desk.press("i")
        dialog = await desk.shows(NoteScreen)
        assert dialog.query_one("NoteArea").text == "long thought"
        await desk.press("enter")
    assert rows(db, "SELECT note FROM annotation") == [("long thought",)]


async def test_a_file_that_was_replaced_is_not_written_to(db: Path, tmp_path: Path) -> None:
    async with reader(db) as desk:
        other = tmp_path / "other.db"
        build(other)
        other.replace(db)
        before = db.read_bytes()
        await desk.press("c")
        assert desk.painted == []
        assert any("moved, replaced or deleted" in words for words in desk.notified)
        assert db.read_bytes() == before
        await desk.press("J", "K", "w", "u")


async def test_a_file_that_vanished_is_told_of(db: Path) -> None:
    async with reader(db) as desk:
        db.unlink()
        await desk.press("c")
        assert desk.painted == []
        assert any("Not saved" in words for words in desk.notified)
        await desk.press("J", "K", "X", "escape", "u", "w")
        assert not db.exists()


async def test_undo_that_is_refused_passes_over_at_the_second_press(
    db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark(db, "40 people")
    passed: list[str] = []
    undo = history.undo

    def refusing(workspace: Workspace, *, passing_over: str = "") -> Outcome:
        passed.append(passing_over)
        if not passing_over:
            raise BuiltOnError("Cannot undo this.", "change-1")
        return undo(workspace)

    monkeypatch.setattr(history, "undo", refusing)
    async with reader(db) as desk:
        await desk.press("u")
        assert "once more" in desk.said
        assert len(desk.stored) == 1
        await desk.press("u")
        assert desk.stored == desk.painted == []
        await desk.press("u")
    assert passed == ["", "change-1", ""]


async def test_a_bug_in_a_write_crashes_loudly(db: Path) -> None:
    def bug(_: Workspace) -> Outcome:
        raise KeyError("a bug")

    with pytest.raises(KeyError, match="a bug"):  # noqa: PT012 (it is raised on leaving)
        async with reader(db) as desk:
            desk.screen.call_later(desk.screen.record, bug, "nothing")
            await eventually(lambda: not desk.app.is_running, "the crash")
    assert desk.app.return_code == 1


# Whose marks


async def test_no_key_edits_another_annotators_mark(db: Path) -> None:
    mark(db, "40 people", "claim", annotator="bob", note="bob's")
    before = rows(db, "SELECT * FROM annotation")
    async with reader(db) as desk:
        for key in ("d", "c", "1", "2", "x", "i"):
            await desk.press("]" if desk.focused is None else "t", key)
            assert "bob" in desk.said, key
            assert rows(db, "SELECT * FROM annotation") == before
        await desk.press("u")
        assert "nothing of yours" in desk.said
        assert len(desk.app.screen_stack) == 2
        await desk.press("[", "t", "L")
        await desk.shows(ChoiceScreen)
        await desk.press("d")
    assert marks(db)[:1] == [("claim", "40 people", "bob")]
    assert marks(db)[1:] == [("denial", "40 people", "ann")]


async def test_others_marks_are_hidden_and_shown(db: Path) -> None:
    mark(db, "40 people", "claim", annotator="bob")
    mark(db, "Nobody", "denial")
    async with reader(db) as desk:
        await desk.press("]")
        assert desk.focused == ("claim", "40 people")
        await desk.press("O")
        assert desk.painted == [("denial", "Nobody")]
        assert desk.focused is None
        assert "hidden" in desk.said
        assert "O shows them" in desk.screen.headline.text
        await desk.press("]")
        assert desk.focused == ("denial", "Nobody")
        await desk.press("O")
        assert desk.painted == [("claim", "40 people")]
        await desk.press("O")
        assert len(desk.painted) == 2


async def test_a_new_name_is_asked_for_once_and_marks_as_itself(db: Path) -> None:
    async with reader(db, "carol") as desk:
        await desk.go_to("people left")
        await desk.press("c")
        dialog = await desk.shows(ChoiceScreen)
        assert dialog._lines[0][0] == "carol"
        assert [name for name, _ in dialog._lines[1:]] == ["ann"]
        assert desk.stored == []
        await desk.press("enter")
        assert marks(db) == [("claim", CLAUSE, "carol")]
        assert desk.focused == ("claim", CLAUSE)
        await desk.press("h", "d")
        assert len(marks(db)) == 2
    async with reader(db, "carol") as desk:
        await desk.press("s")
        assert len(marks(db)) == 3


async def test_a_new_name_can_be_taken_for_a_known_one(db: Path) -> None:
    mark(db, "Nobody", annotator="bob")
    async with reader(db, "carol") as desk:
        await desk.go_to("people left")
        await desk.press("v", "e", "d")
        dialog = await desk.shows(ChoiceScreen)
        assert [name for name, _ in dialog._lines] == ["carol", "ann", "bob"]
        await desk.press("j", "j", "enter")
        assert marks(db)[0] == ("denial", "people", "bob")
        assert "bob" in desk.said
        await desk.press("]", "c", "s")
        assert ("statistic", "Nobody", "bob") in marks(db)
        await desk.press("u")
        assert ("claim", "Nobody", "bob") in marks(db)
    assert rows(db, "SELECT name FROM annotator WHERE name = 'carol'") == []


async def test_the_question_can_be_left_and_then_nothing_is_marked(db: Path) -> None:
    before = db.read_bytes()
    async with reader(db, "carol") as desk:
        await desk.go_to("people left")
        await desk.press("c")
        await desk.shows(ChoiceScreen)
        await desk.press("escape")
        assert "Nothing was marked" in desk.said
        assert db.read_bytes() == before
        await desk.press("c")
        await desk.shows(ChoiceScreen)


async def test_a_renamed_annotator_goes_on_with_her_marks(db: Path) -> None:
    mark(db, "40 people", "claim")
    async with reader(db) as desk:
        workspace = Workspace(db, "ann")
        upkeep.rename_annotator(workspace, "ann", "anna")
        workspace.close()
        await eventually(lambda: "anna" in desk.said, "the new name")
        await desk.press("]", "s")
        assert marks(db) == [("statistic", "40 people", "anna")]


# No article yet


async def test_a_missing_file_offers_the_seed_and_is_made_only_when_accepted(
    tmp_path: Path,
) -> None:
    path = tmp_path / "new.db"
    async with reader(path, opens=False) as desk:
        await desk.shows(ChoiceScreen)
        assert not path.exists()
        desk.app.simulate_key("escape")
        await eventually(lambda: not desk.app.is_running, "the end")
    assert not path.exists()
    async with reader(path, opens=False) as desk:
        await desk.shows(ChoiceScreen)
        desk.app.simulate_key("enter")
        await eventually(lambda: desk.screen.session is not None, "the article")
        await desk.idle()
        assert desk.text.startswith("The Chechen president claimed")
        await desk.press("a")
        assert desk.stored == [("attribution", "The Chechen president claimed")]
    assert problems(path) == ()


@pytest.mark.parametrize(("downs", "wants_tutorial"), [(1, True), (3, False)])
async def test_the_other_answers_leave_as_well(
    tmp_path: Path, downs: int, wants_tutorial: bool
) -> None:
    path = tmp_path / "new.db"
    async with reader(path, opens=False) as desk:
        await desk.shows(ChoiceScreen)
        for _ in range(downs):
            desk.app.simulate_key("down")
        desk.app.simulate_key("enter")
        await eventually(lambda: not desk.app.is_running, "the end")
        assert desk.app.wants_tutorial is wants_tutorial
    assert not path.exists()


async def test_an_empty_file_and_one_without_articles_offer_the_seed(tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    path.touch()
    async with reader(path, opens=False) as desk:
        await desk.shows(ChoiceScreen)
        assert path.read_bytes() == b""


@pytest.mark.parametrize("content", [b"not a database, " * 20, b"SQLite format 3\0" + b"\xff" * 99])
async def test_a_file_that_cannot_be_opened_ends_in_words(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "odd.db"
    path.write_bytes(content)
    async with reader(path, opens=False) as desk:
        await eventually(lambda: desk.app.failure is not None, "the failure")
        assert "odd.db" in str(desk.app.failure)
        await eventually(lambda: not desk.app.is_running, "the end")
    assert path.read_bytes() == content


async def test_keys_typed_before_the_article_is_there_are_done_then(db: Path) -> None:
    async with reader(db, opens=False) as desk:
        await eventually(lambda: len(desk.app.screen_stack) > 1, "the reader")
        for key in "wd":
            desk.app.simulate_key(key)
        await eventually(lambda: labelled(db), "the mark")
        await desk.idle()
    assert labelled(db) == [("denial", "Mayor denies secret plan")]


async def test_the_asked_for_article_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    ids = build(path, [ARTICLE, OTHER_ARTICLE])
    async with reader(path, document_ids=[ids[1]]) as desk:
        assert desk.text == OTHER_ARTICLE


# Export


@pytest.mark.parametrize("key", ["first", "second"])
async def test_x_exports_the_article_or_everything_and_names_the_file(
    tmp_path: Path, key: str
) -> None:
    path = tmp_path / "a.db"
    ids = build(path, [ARTICLE, OTHER_ARTICLE])
    mark(path, "40 people", "claim", note="=1+1, “so”\nthere")
    mark(path, "two metres", "statistic")
    name = "Mayor-denies-secret-plan.csv" if key == "first" else "annotations.csv"
    async with reader(path) as desk:
        await desk.press("X")
        await desk.shows(ChoiceScreen)
        await desk.press(*(["enter"] if key == "first" else ["down", "enter"]))
        whole = f"written to {tmp_path / name}"

        def is_named() -> bool:
            shown = "".join(segment.text for segment in desk.screen.status.render_line(0))
            return whole in shown or any(whole in words for words in desk.notified)

        await eventually(is_named, "the path")
    workspace = Workspace(path, "ann")
    wanted = interchange.export(workspace, document_ids=ids[:1] if key == "first" else ())
    workspace.close()
    data = (tmp_path / name).read_bytes()
    assert data.decode() == wanted.text
    table = list(csv.DictReader(io.StringIO(data.decode(), newline="")))
    assert len(table) == (1 if key == "first" else 2)


async def test_an_export_never_replaces_a_file(db: Path, tmp_path: Path) -> None:
    target = tmp_path / "annotations.csv"
    target.write_text("mine")
    async with reader(db) as desk:
        await desk.press("X")
        dialog = await desk.shows(ChoiceScreen)
        assert dialog._lines[1][1] == "annotations-2.csv"
        await desk.press("j", "enter")
        await eventually((tmp_path / "annotations-2.csv").exists, "the export")
    assert target.read_text() == "mine"


async def test_an_export_that_fails_says_so(
    db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **_wanted: object) -> None:
        raise ExportError("annotations.csv cannot be written: No space left on device.")

    monkeypatch.setattr(interchange, "export_to", full)
    async with reader(db) as desk:
        await desk.press("X")
        await desk.shows(ChoiceScreen)
        await desk.press("j", "enter")
        await eventually(lambda: "No space left" in desk.said, "the failure")


async def test_the_same_mark_is_not_made_twice_by_a_label_key(db: Path) -> None:
    async with reader(db) as desk:
        await desk.press("c", "escape", "h", "c")
        assert len(desk.stored) == 1
        assert "already" in desk.said
        assert desk.focused is not None
        await desk.press("L", "c")
        assert len(desk.stored) == 2


async def test_a_file_replaced_in_place_is_read_anew(db: Path, tmp_path: Path) -> None:
    old = tmp_path / "old.db"
    shutil.copy(db, old)
    async with reader(db) as desk:
        await desk.press("c")
        assert len(desk.screen.index) == 1
        db.write_bytes(old.read_bytes())
        await eventually(lambda: len(desk.screen.index) == 0, "the marks of the old file")
        assert "replaced" in desk.said


async def test_a_foreign_file_in_its_place_is_named_without_a_traceback(
    db: Path, tmp_path: Path
) -> None:
    foreign = tmp_path / "foreign.db"
    connection = sqlite3.connect(foreign)
    connection.execute("CREATE TABLE mine (x)")
    connection.commit()
    connection.close()
    async with reader(db) as desk:
        db.write_bytes(foreign.read_bytes())
        await desk.press("c")
        await eventually(lambda: "annotui" in desk.said, "what is wrong")
        assert len(desk.screen.index) == 0


async def test_quitting_is_quick_and_clean(db: Path) -> None:
    async with reader(db) as desk:
        desk.app.simulate_key("q")
        await eventually(lambda: not desk.app.is_running, "the end")
        await asyncio.sleep(0)
    assert desk.app.return_code == 0


async def test_the_first_mark_says_what_comes_next_and_the_second_does_not(db: Path) -> None:
    async with reader(db) as desk:
        assert "tutorial" in desk.said
        await desk.press("w", "v", "e", "c")
        assert "Stored. u undo, r review, X export." in desk.said
        await desk.press("w", "v", "e", "c")
        assert "Stored" not in desk.said
        assert len(desk.stored) == 2
    async with reader(db) as desk:
        await desk.press("w", "v", "e", "d")
        assert "Stored" not in desk.said


async def test_the_first_article_of_an_empty_file_says_how_to_go_on(database: Path) -> None:
    async with reader(database, opens=False) as desk:
        await desk.shows(ChoiceScreen)
        await desk.press("enter")
        await eventually(lambda: desk.screen.session is not None, "the article")
        await eventually(lambda: "tutorial" in desk.said, "the words")
