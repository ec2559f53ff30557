"""annotui status and coverage."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from annotui.cli.main import main


def test_status_is_set_and_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text("One sentence. Another one.\n")
    who = ["--annotator", "ann"]
    assert main([*who, "add", "a.txt"]) == 0
    assert main([*who, "status", "a.txt", "done"]) == 0
    assert main([*who, "status", "a.txt", "done"]) == 1
    capfd.readouterr()
    assert main([*who, "status", "--format", "json"]) == 0
    assert [one["status"] for one in json.loads(capfd.readouterr().out)] == ["done"]
    assert main([*who, "coverage", "--format", "json"]) == 0
    (found,) = json.loads(capfd.readouterr().out)
    assert (found["marked"], found["nothing"], found["unseen"]) == (0, 0, 2)
    assert main([*who, "undo"]) == 0
    capfd.readouterr()
    assert main([*who, "status", "a.txt"]) == 0
    assert capfd.readouterr().out == "new\n"
