"""Every format in the table has what the table says of it."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest

from annotui.errors import ConfigError, FormatError
from annotui.formats import registry
from annotui.formats.registry import FORMATS, Format


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
def test_a_module_offers_what_its_row_says(form: Format) -> None:
    if form.extra:
        pytest.importorskip("xlsxwriter")
    module = registry.reader(form)
    wanted = {"write": form.writes and not form.is_folder, "read": form.reads}
    wanted |= {"write_folder": form.writes and form.is_folder, "detects": form.reads}
    for name, is_there in wanted.items():
        assert inspect.isfunction(getattr(module, name, None)) == is_there, name


def test_names_and_titles_are_unlike() -> None:
    assert len({one.name for one in FORMATS}) == len({one.title for one in FORMATS}) == len(FORMATS)
    assert registry.named("csv") is FORMATS[0]


def test_what_is_no_format_is_refused_with_the_list(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="There are: csv"):
        registry.named("cvs")
    path = tmp_path / "photo"
    path.write_bytes(b"\x89PNG\0\xff")
    with pytest.raises(FormatError, match="--format"):
        registry.detect(path)
    with pytest.raises(FormatError, match="cannot be read"):
        registry.detect(tmp_path / "none")


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> object:
        raise ModuleNotFoundError(name=name)

    monkeypatch.setattr(registry, "import_module", missing)
    form = Format("x", "X", ".x", "xmodule", reads=True, writes=False, extra="xlsx")
    with pytest.raises(ConfigError, match=r"pip install 'annotui\[xlsx\]'"):
        registry.reader(form)
