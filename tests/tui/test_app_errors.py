"""What happens where the program itself has a fault."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from reader_desk import build, eventually, reader


async def test_a_fault_in_a_callback_of_the_loop_ends_the_reader_as_any_other(
    tmp_path: Path,
) -> None:
    build(tmp_path / "annotations.db")

    def fault() -> None:
        raise RuntimeError("a fault, on purpose")

    with pytest.raises(RuntimeError, match="on purpose"):  # noqa: PT012 (it is raised on leaving)
        async with reader(tmp_path / "annotations.db") as desk:
            asyncio.get_running_loop().call_soon(fault)
            await eventually(lambda: desk.app.return_code == 1, "the end")
