"""The config: two files, the stronger one beside the database, and what is wrong in them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from annotui.domain.label_scheme import default_scheme
from annotui.errors import AnnotuiError, ConfigError, LabelError
from annotui.services import config
from annotui.services.config import Config, KeySetting
from annotui.services.workspace import Workspace

SCHEME = '[[label]]\nname = "question"\nkey = "z"\nglyph = "?"\ncolour = "#336699"\n'


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The analyst's own file, in a config directory of the test's; it is not there yet."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    path = tmp_path / "config" / "annotui" / "config.toml"
    path.parent.mkdir(parents=True)
    return path


@pytest.fixture
def beside(database: Path) -> Path:
    """The file beside the database; it is not there yet."""
    return database.with_name("annotui.toml")


def test_without_files_everything_is_as_it_comes(own: Path, database: Path) -> None:
    assert config.load(database) == Config()


def test_every_setting_is_read(own: Path, database: Path) -> None:
    own.write_text(
        'theme = "nord"\nmeasure = 60\nside_pane = false\ncopy = "quote and source"\n'
        'labels = "scheme.toml"\n\n[keys]\nclause_next = [".", "g ."]\nexport = []\n'
    )
    found = config.load(database)
    assert (found.theme and found.theme.value) == "nord"
    assert (found.measure, found.side_pane, found.copies_source) == (60, False, True)
    assert (found.labels and found.labels.value) == str(own.parent / "scheme.toml")
    assert found.keys == (
        KeySetting("clause_next", (".", "g ."), f"{own} line 8"),
        KeySetting("export", (), f"{own} line 9"),
    )


def test_the_file_beside_the_database_is_stronger_setting_by_setting(
    own: Path, beside: Path, database: Path
) -> None:
    own.write_text('measure = 60\nside_pane = true\n[keys]\nhelp = ["H"]\nquit = ["Q"]\n')
    beside.write_text('side_pane = "auto"\n[keys]\nhelp = ["T"]\n')
    found = config.load(database)
    assert (found.measure, found.side_pane) == (60, None)
    assert {one.action_id: (one.keys, one.where) for one in found.keys} == {
        "help": (("T",), f"{beside} line 3"),
        "quit": (("Q",), f"{own} line 5"),
    }


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("mesure = 80", "'mesure' is not known. Did you mean 'measure'?"),
        ("zzz = 80", "There are theme, measure, side_pane, copy, labels, blind, queue, keys"),
        ("measure = 19", "measure is 19; it is a number of cells from 20 to 200."),
        ('measure = "80"', "from 20 to 200"),
        ("measure = true", "from 20 to 200"),
        ("theme = 1", "theme is the name of one"),
        ("side_pane = 1", 'it is true, false or "auto".'),
        ('side_pane = "yes"', 'it is true, false or "auto".'),
        ("copy = true", 'it is "quote" or "quote and source".'),
        ("labels = 1", "labels is the path"),
        ("keys = 1", "keys is a table"),
        ("keys.help = 1", "help needs a list of keys"),
        ('keys.help = "H"', "help needs a list of keys"),
        ("keys.help = [1]", "help needs a list of keys"),
        ("measure =", "is not TOML"),
    ],
)
def test_a_wrong_setting_names_file_line_and_what_is_allowed(
    line: str, words: str, beside: Path, own: Path, database: Path
) -> None:
    beside.write_text(f"# first line\n\n{line}\n")
    with pytest.raises(ConfigError) as caught:
        config.load(database)
    message = str(caught.value)
    assert message.startswith(str(beside))
    assert "line 3" in message
    assert words in message
    assert message.endswith("Nothing was done.")


def test_a_file_that_cannot_be_read_is_refused_and_one_that_cannot_be_there_is_not(
    beside: Path, own: Path, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside.write_bytes(b"# one\n# \xff\n")
    with pytest.raises(ConfigError, match="line 2: this is not UTF-8"):
        config.load(database)
    beside.unlink()
    os.mkfifo(beside)
    with pytest.raises(ConfigError, match="is not a regular file"):
        config.load(database)
    beside.unlink()
    beside.mkdir()
    with pytest.raises(ConfigError, match="is not a regular file"):
        config.load(database)
    beside.rmdir()
    monkeypatch.setenv("XDG_CONFIG_HOME", os.devnull)
    assert config.load(database) == Config()


def test_a_new_database_begins_with_the_labels_that_are_set(
    own: Path, beside: Path, database: Path, open_as: type[Workspace]
) -> None:
    (beside.parent / "scheme.toml").write_text(SCHEME)
    assert open_as("amy").scheme() == default_scheme()
    beside.write_text('labels = "scheme.toml"\n')
    assert [one.name for one in open_as("amy").scheme()] == ["question"]
    from annotui.services import library

    workspace = open_as("amy")
    library.add_seed(workspace)
    beside.unlink()
    assert [one.name for one in open_as("bob").scheme()] == ["question"]


@pytest.mark.parametrize(
    ("scheme", "kind", "words"),
    [
        (None, ConfigError, "annotui.toml line 1: there is no file"),
        (SCHEME.replace("name", "nom"), LabelError, "scheme.toml line 2: 'nom' is not known"),
    ],
)
def test_labels_that_cannot_be_read_leave_no_new_database(
    scheme: str | None,
    kind: type[AnnotuiError],
    words: str,
    own: Path,
    beside: Path,
    database: Path,
    open_as: type[Workspace],
) -> None:
    from annotui.services import library

    beside.write_text('labels = "scheme.toml"\n')
    if scheme is not None:
        (beside.parent / "scheme.toml").write_text(scheme)
    with pytest.raises(kind, match=words):
        library.add_seed(open_as("amy"))
    assert not database.exists()
