"""The reader says that an older file was brought up to date, and where it is kept."""

from __future__ import annotations

import shutil
from pathlib import Path

from reader_desk import eventually, reader

OLD = Path(__file__).parents[1] / "storage" / "old_files" / "schema_1.db"


async def test_the_reader_says_where_an_older_file_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "[bold]news.db"
    shutil.copyfile(OLD, path)
    async with reader(path, "amy", size=(120, 40)) as desk:
        await eventually(lambda: desk.notified, "the notification")
        (told,) = desk.notified
        assert told.startswith(f"{path} was brought up to date from schema 1;")
        assert str(tmp_path / "[bold]news.db.schema-1") in told
    async with reader(path, "amy", size=(120, 40)) as desk:
        await desk.idle()
        assert desk.notified == []
