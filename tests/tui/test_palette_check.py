"""The colours of the default labels pass ``scripts/check_palette.py``, and it can fail."""

from __future__ import annotations

import importlib.util
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest
from textual.color import Color

from annotui.domain.label_scheme import LabelScheme, default_scheme

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "check_palette.py"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("check_palette", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_the_default_colours_can_be_told_apart(
    script: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    assert script.main() == 0, capsys.readouterr().out
    shown = capsys.readouterr().out
    for word in (*script.SIGHTS, "annotui-dark", "annotui-light", "contrast"):
        assert word in shown


def test_colours_that_fall_together_fail(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    claim, denial, *others = default_scheme()
    green = replace(claim, colour="#7a8a20")
    red = replace(denial, colour="#b06a20")  # the same to people who lack a cone
    monkeypatch.setattr(script, "default_scheme", lambda: LabelScheme((green, red, *others)))
    assert script.main() == 1
    assert "TOO LOW" in capsys.readouterr().out


def test_one_glyph_for_two_labels_fails(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    claim, denial, *others = default_scheme()
    alike = replace(denial, glyph=claim.glyph)
    monkeypatch.setattr(script, "default_scheme", lambda: LabelScheme((claim, alike, *others)))
    assert script.main() == 1
    assert "claim, denial" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("one", "other", "wanted"),
    [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, 2.5, 0), (61, -5, 29), 22.8977),
        ((22.7233, 20.0904, -46.694), (23.0331, 14.973, -42.5619), 2.0373),
        ((50, 2.5, 0), (50, 0, -2.5), 4.3065),
    ],
)
def test_differences_are_those_of_the_published_examples(
    script: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    one: tuple[float, ...],
    other: tuple[float, ...],
    wanted: float,
) -> None:
    """Sharma, Wu and Dalal (2005), table 1."""
    monkeypatch.setattr(script, "rgb_to_lab", lambda colour: colour)
    assert script.ciede2000(one, other) == pytest.approx(wanted, abs=1e-4)


def test_every_sight_sees_greys_as_they_are(script: ModuleType) -> None:
    for sight in script.SIGHTS:
        grey = script.seen(Color(120, 120, 120), sight)
        assert max(abs(part - 120) for part in grey.rgb) <= 1
    assert script.seen(Color(200, 40, 40), "protanopia") != Color(200, 40, 40)
