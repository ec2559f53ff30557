"""The worked example in the repository's own database."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import sys
import tomllib
from pathlib import Path

import pytest

from annotui.services import upkeep
from annotui.services.workspace import Workspace

ROOT = Path(__file__).resolve().parents[1]
SEED = ROOT / "seeds" / "000_1182b3f968a00b82.txt"
ROWS = """SELECT m.label, m.start, m."end", m.quote, m.note, m.fragments, m.line, m.document_id
    FROM annotations AS m WHERE m.annotator = 'example' ORDER BY m.start, m."end", m.label"""


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    sys.modules.pop("build_example", None)
    from build_example import build

    build(tmp_path / "built.db")
    return tmp_path / "built.db"


def rows(path: Path) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        return connection.execute(ROWS).fetchall()
    finally:
        connection.close()


def test_the_repository_holds_the_example_that_the_seeds_describe(
    built: Path, tmp_path: Path
) -> None:
    kept = tmp_path / "kept.db"
    shutil.copy(ROOT / "annotations.db", kept)
    assert rows(kept) == rows(built)


def test_the_repositorys_database_opens_and_is_sound(tmp_path: Path) -> None:
    kept = tmp_path / "kept.db"
    shutil.copy(ROOT / "annotations.db", kept)
    workspace = Workspace(kept, "example")
    assert upkeep.verify(workspace).problems == ()
    workspace.close()


def test_every_label_is_in_the_example_with_notes_fragments_and_overlaps(built: Path) -> None:
    found = rows(built)
    assert {row[0] for row in found} == {"claim", "denial", "statistic", "attribution"}
    assert sum(bool(row[5]) for row in found) >= 3
    assert sum(bool(row[4]) for row in found) * 2 > len(found)
    spans = [(row[1], row[2]) for row in found]
    nested = [(a, b) for a in spans for b in spans if a != b and a[0] <= b[0] and b[1] <= a[1]]
    crossing = [(a, b) for a in spans for b in spans if a[0] < b[0] < a[1] < b[1]]
    assert nested
    assert crossing


def test_the_seed_article_is_untouched() -> None:
    digest = hashlib.sha256(SEED.read_bytes()).hexdigest()
    assert digest == "6f0c9d168f3f6e807fc1b36ae29dcbf2cde19f853672f07ea797c4bba3ae750a"


def test_no_two_entries_of_the_example_are_the_same() -> None:
    entries = tomllib.loads((ROOT / "seeds" / "example.toml").read_text("utf-8"))["annotation"]
    seen = [
        (e["label"], e.get("quote") or tuple(e["fragments"]), e.get("occurrence")) for e in entries
    ]
    assert len(seen) == len(set(seen))
