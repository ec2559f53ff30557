"""Who may not read the database may not read what is made out of it."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from cli_program import Annotui

from annotui.formats import registry
from annotui.services import interchange
from annotui.storage.permissions import no_more_readable

DB = Path("annotations.db")
FORMS = [form.name for form in registry.writable()]


@pytest.fixture(autouse=True)
def mask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path: str | Path) -> int:
    return stat.S_IMODE(Path(path).stat().st_mode)


def readers_of_what_is_new(before: set[Path]) -> dict[str, int]:
    """The permissions of group and others of every file and folder that came since."""
    new = set(Path().rglob("*")) - before
    return {str(path): mode(path) & 0o077 for path in new}


@pytest.mark.parametrize(("umask", "expected"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_a_new_database_has_the_umask_of_its_user(
    annotui: Annotui, umask: int, expected: int
) -> None:
    os.umask(umask)
    Path("a.txt").write_text("Some words of an article.")
    assert annotui("add", "a.txt").code == 0
    assert mode(DB) == expected
    assert annotui("export", "-o", "marks.csv").code == 0
    assert mode("marks.csv") == expected
    assert annotui("backup", "b.db").code == 0
    assert mode("b.db") == expected


@pytest.mark.parametrize("form", FORMS)
def test_an_export_of_a_private_database_is_private(seeded: Annotui, form: str) -> None:
    DB.chmod(0o600)
    assert seeded("annotate", "6f0c9d", "claim", "--start", "0", "--end", "10").code == 0
    before = set(Path().rglob("*"))
    assert seeded("export", "--format", form, "-o", "out").code == 0
    new = readers_of_what_is_new(before)
    assert "out" in new
    assert set(new.values()) == {0}
    DB.chmod(0o640)
    assert seeded("export", "--format", form, "-o", "again").code == 0
    assert mode("again") == (0o750 if Path("again").is_dir() else 0o640)
    assert all(mode(path) == 0o640 for path in Path("again").glob("*"))


def test_other_files_of_a_private_database_are_private(seeded: Annotui) -> None:
    DB.chmod(0o600)
    before = set(Path().rglob("*"))
    assert seeded("backup", "b.db").code == 0
    assert seeded("labels", "--export", "labels.toml").code == 0
    assert seeded("recover", str(DB), "new.db").code == 0
    assert readers_of_what_is_new(before) == {"b.db": 0, "labels.toml": 0, "new.db": 0}


def test_an_export_over_a_file_that_all_may_read_is_private(seeded: Annotui) -> None:
    Path("marks.csv").write_text("old")
    assert mode("marks.csv") == 0o644
    DB.chmod(0o600)
    assert seeded("export", "-o", "marks.csv").code == 0
    assert mode("marks.csv") == 0o600


def test_nobody_reads_an_export_while_it_is_written(
    seeded: Annotui, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the file beside it nor the folder beside it, whatever the database allows."""
    seen: dict[str, int] = {}
    before = set(Path().rglob("*"))
    real = interchange._bundles

    def looked(*given: object) -> object:
        seen.update(readers_of_what_is_new(before))
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(interchange, "_bundles", looked)
    DB.chmod(0o600)
    assert seeded("export", "-o", "marks.csv").code == 0
    assert seeded("export", "--format", "brat", "-o", "brat").code == 0
    assert len(seen) >= 2
    assert set(seen.values()) == {0}


def test_nobody_reads_a_backup_while_it_is_written(
    seeded: Annotui, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []
    from annotui.services import upkeep

    real = upkeep.verify

    def looked(workspace: object) -> object:
        # The copy may be 0644, but stands in a folder that nobody else may enter.
        seen.extend(mode(path) & 0o077 for path in Path().glob(".annotui-*"))
        return real(workspace)  # type: ignore[arg-type]

    monkeypatch.setattr(upkeep, "verify", looked)
    DB.chmod(0o600)
    assert seeded("backup", "b.db").code == 0
    assert seen == [0]


def test_a_database_that_all_may_read_gives_exports_that_all_may_read(seeded: Annotui) -> None:
    DB.chmod(0o644)
    assert seeded("export", "-o", "marks.csv").code == 0
    assert mode("marks.csv") == 0o644
    DB.chmod(0o444)
    assert seeded("export", "-o", "more.csv").code == 0
    assert mode("more.csv") == 0o644


@pytest.mark.parametrize("database", [0o600, 0o640, 0o604, 0o644, 0o660, 0o666])
@pytest.mark.parametrize("wanted", [0o600, 0o640, 0o644, 0o666, 0o755])
def test_nobody_gains_a_right(tmp_path: Path, database: int, wanted: int) -> None:
    source, made = tmp_path / "a.db", tmp_path / "out"
    source.touch()
    made.touch()
    source.chmod(database)
    no_more_readable(made, source, wanted)
    assert mode(made) & ~wanted == 0
    assert mode(made) & 0o044 & ~database == 0
    assert mode(made) & 0o700 == wanted & 0o700


@pytest.mark.skipif(os.getuid() != 0, reason="only root gives files to other groups")
def test_another_group_does_not_get_the_groups_right(tmp_path: Path) -> None:
    source, made = tmp_path / "a.db", tmp_path / "out"
    source.touch()
    made.touch()
    source.chmod(0o640)
    os.chown(source, -1, 12345)
    no_more_readable(made, source, 0o644)
    assert mode(made) == 0o600
    source.chmod(0o644)
    no_more_readable(made, source, 0o644)
    assert mode(made) == 0o644
