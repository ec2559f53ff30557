"""What the README says is true."""

from __future__ import annotations

import re
from pathlib import Path

from annotui.domain.label_scheme import default_scheme
from annotui.tui.key_table import reader_keys

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def test_the_test_command_can_be_found_and_runs_pytest() -> None:
    found = re.search(r"<!-- test command -->\n```sh\n(.+)\n```", README)
    assert found is not None
    assert found[1].endswith(".venv/bin/python -m pytest")
    assert "constraints.txt" in found[1]


def test_every_command_of_the_program_is_in_the_readme() -> None:
    from annotui.cli.main import cli

    for name in cli.commands:
        assert re.search(rf"`[^`]*\b{name}\b", README) or name == "read", name


def test_every_documented_key_is_in_the_table() -> None:
    table = reader_keys(default_scheme())
    rows = README.split("## Keys")[1].split("The mouse works too")[0]
    for key in (
        "v",
        "o",
        "+",
        "-",
        "L",
        ";",
        "]",
        "[",
        "t",
        "x",
        "i",
        "O",
        "u",
        "J",
        "K",
        "X",
        "?",
    ):
        assert f"`{key}" in rows or f" {key}`" in rows or f"{key} " in rows, key
        assert table.find("", key) is not None, key
    assert table.find("g", "g") is not None
    assert table.find("g", "?") is not None


def test_the_licence_and_the_pictures_are_there() -> None:
    for path in re.findall(r"\]\(([a-z][^):]+)\)", README):
        assert (ROOT / path).exists(), path
