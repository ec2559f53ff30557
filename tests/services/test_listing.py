"""Full-text search: what it finds, and that its index stays in step."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotui.domain.span import Span
from annotui.errors import ConfigError, UndoError
from annotui.formats.plain_text import decode
from annotui.services import history, intake, library, listing, upkeep
from annotui.services.session import Session
from annotui.services.workspace import Workspace
from annotui.storage import schema_search
from annotui.storage.migrations import APPLICATION_ID, STEPS
from annotui.storage.search import LIT, UNLIT, Hit
from stored_files import plain, query, session_on, take_in

OpenAs = Callable[..., Workspace]
OTHER = "Le café fermé\n\nLa société a déclaré: rien n’est décidé. Prices fell in June.\n"


def found(workspace: Workspace, words: str) -> list[tuple[str, str]]:
    """Title and where, of every hit."""
    return [(one.document.title[:8], hit.where) for one, hit in hits(workspace, words)]


def hits(workspace: Workspace, words: str) -> list[tuple[listing.Entry, Hit]]:
    wanted = listing.Wanted(search=words)
    told = listing.hits(workspace, wanted, listing.entries(workspace, wanted))
    return [(one, hit) for one, hits in told for hit in hits]


@pytest.fixture
def two(open_as: OpenAs) -> Workspace:
    workspace = open_as("amy")
    take_in(workspace)
    take_in(workspace, OTHER)
    return workspace


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        ("prices", {"Minister", "Le café "}),
        ("PRICES june", {"Le café "}),
        ("cafe", {"Le café "}),
        ("societe DÉCLARÉ", {"Le café "}),
        ('"tax plan"', {"Minister"}),
        ('"plan tax"', set()),
        ("pric*", {"Minister", "Le café "}),
        ("prices -june", {"Minister"}),
        ("n'est", {"Le café "}),
        ("AND OR NOT ( ^ : { plan", set()),
        ('plan "', {"Minister"}),
    ],
)
def test_words_phrases_beginnings_and_lacks(two: Workspace, words: str, titles: set[str]) -> None:
    assert {title for title, _ in found(two, words)} == titles


def test_a_search_for_no_word_is_refused(two: Workspace) -> None:
    for words in ("…", "-plan", '""'):
        with pytest.raises(ConfigError, match="asks for no word"):
            found(two, words)


def test_hits_are_the_same_however_many_are_looked_up_at_once(
    two: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    session_on(two).annotate([Span(0, 8)], "claim", note="prices again")
    at_once = hits(two, "pric*")
    assert [(one.document.title[:8], hit.where) for one, hit in at_once] == [
        *(("Le café ", "text"), ("Minister", "text"), ("Minister", "note")),
    ]
    monkeypatch.setattr(listing, "DOCUMENTS_AT_ONCE", 1)
    assert hits(two, "pric*") == at_once
    (best,) = listing.entries(two, listing.Wanted(search="pric*", limit=1))
    assert best == at_once[0][0]


def test_a_hit_says_where_and_is_lit(two: Workspace) -> None:
    ((_, hit),) = hits(two, "decide")
    assert f"{LIT}décidé{UNLIT}" in hit.snippet
    assert OTHER[hit.place :].startswith("décidé")


def test_notes_lead_to_their_mark_through_undo_and_redo(two: Workspace) -> None:
    session = session_on(two)
    mark = session.annotate([Span(0, 8)], "claim", note="Źródło unclear").after[0]
    ((_, hit),) = hits(two, "zrodło")
    assert (hit.where, hit.annotation_id, hit.place) == ("note", mark.annotation_id, 0)
    session.set_note(mark, "checked")
    assert (found(two, "zrodło"), found(two, "checked")) == ([], [("Minister", "note")])
    history.undo(two)
    assert (found(two, "zrodło"), found(two, "checked")) == ([("Minister", "note")], [])
    history.undo(two)
    assert found(two, "zrodło") == []
    history.redo(two)
    assert found(two, "zrodło") == [("Minister", "note")]
    assert upkeep.verify(two).problems == ()


def test_a_removed_document_is_not_found_and_comes_back(two: Workspace) -> None:
    document_id = take_in(two).document_id
    library.remove(two, document_id)
    assert found(two, "plan") == []
    history.undo(two)
    assert {title for title, _ in found(two, "plan")} == {"Minister"}


def test_what_another_program_wrote_is_found(two: Workspace, database: Path) -> None:
    title = "A title by hand"
    connection = plain(database)
    connection.execute("DROP TRIGGER document_fixed")
    connection.execute("UPDATE document SET title = ? WHERE title LIKE 'Minister%'", (title,))
    connection.close()
    assert query(database, "SELECT count(*) FROM search_due") == [(1,)]
    assert found(two, "hand") == [("A title ", "title")]
    assert query(database, "SELECT count(*) FROM search_due") == [(0,)]


def test_an_older_file_is_indexed_when_it_is_opened(two: Workspace, database: Path) -> None:
    session_on(two).annotate([Span(0, 8)], "claim", note="remember")
    two.close()
    connection = plain(database)
    for statement in reversed(schema_search.STATEMENTS):
        verb, kind, name = statement.replace("VIRTUAL ", "", 1).split()[:3]
        if verb == "CREATE":
            connection.execute(f"DROP {kind} {name}")
    connection.execute("DELETE FROM _sqlite_migrations WHERE name = '0002_search'")
    connection.execute("PRAGMA user_version = 1")
    connection.close()
    assert (STEPS[1].name, APPLICATION_ID) == ("0002_search", 0x616E7475)
    assert found(two, "remember") == [("Minister", "note")]
    assert {title for title, _ in found(two, "cafe")} == {"Le café "}
    assert upkeep.verify(two).problems == ()


def test_verify_tells_of_a_stale_index_and_rebuild_mends_it(two: Workspace, database: Path) -> None:
    two.close()
    connection = plain(database)
    connection.execute("DELETE FROM document_search_docsize WHERE id = 1")
    connection.execute("UPDATE catalogue SET title = 'x' WHERE number = 2")
    connection.close()
    problems = upkeep.verify(two).problems
    assert any("catalogue" in one for one in problems)
    assert any("document_search" in one for one in problems)
    listing.rebuild(two)
    assert upkeep.verify(two).problems == ()
    assert {title for title, _ in found(two, "prices")} == {"Minister", "Le café "}


def test_a_backup_has_the_index(two: Workspace, tmp_path: Path) -> None:
    upkeep.backup(two, tmp_path / "copy.db")
    copy = Workspace(tmp_path / "copy.db", "amy")
    try:
        assert {title for title, _ in found(copy, "cafe")} == {"Le café "}
    finally:
        copy.close()


STEP = st.sampled_from(["add", "note", "clear", "mark", "remove", "undo", "redo", "unlist"])


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(STEP, max_size=12))
def test_the_index_stays_in_step(
    tmp_path_factory: pytest.TempPathFactory, steps: list[str]
) -> None:
    workspace = Workspace(tmp_path_factory.mktemp("step") / "a.db", "amy")
    try:
        session = session_on(workspace)
        for number, step in enumerate(steps):
            _take(workspace, session, step, number)
            with workspace.reading() as db:
                noted = db.conn.execute(
                    "SELECT a.id FROM annotation AS a JOIN document AS d ON d.id = a.document_id "
                    "WHERE a.removed = 0 AND d.removed = 0 AND a.note <> '' ORDER BY 1"
                ).fetchall()
            marks = sorted(hit.annotation_id for _, hit in hits(workspace, "memo"))
            assert marks == [one for (one,) in noted]
        assert upkeep.verify(workspace).problems == ()
    finally:
        workspace.close()


def _take(workspace: Workspace, session: Session, step: str, number: int) -> None:
    marks = [one for one in session.annotations() if not one.removed]
    if step == "add":
        take_in(workspace, f"Another text, number {number}, in words.")
    elif step in ("undo", "redo"):
        with suppress(UndoError):
            getattr(history, step)(workspace)
    elif step == "mark":
        session.annotate([Span(number, number + 3)], "claim", note="memo one")
    elif step == "unlist" and workspace.exists:
        if session.document.document_id in library.document_ids(workspace):
            library.remove(workspace, session.document.document_id)
    elif marks and step == "remove":
        session.remove(marks[0])
    elif marks and (note := f"memo {number}" if step == "note" else "") != marks[-1].note:
        session.set_note(marks[-1], note)


def test_the_catalogue_keeps_the_order_in_which_many_arrived(
    open_as: OpenAs, database: Path
) -> None:
    workspace = open_as("amy")
    texts = [decode(f"Article {number}\n".encode(), "x") for number in range(450)]
    intake.store(workspace, [intake.Read("x", one, None, "") for one in texts])
    titles = [f"Article {number}" for number in range(450)]
    assert query(database, "SELECT title FROM catalogue ORDER BY number") == [(t,) for t in titles]
    assert [one.document.title for one in listing.entries(workspace, listing.Wanted())] == titles
