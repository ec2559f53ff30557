"""Motions, selecting, and what keys say that do nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from reader_desk import ARTICLE, OTHER_ARTICLE, build, mark, reader
from textual import events

LINES = "".join(f"Line {number} of the article has some words.\n" for number in range(1, 201))


@pytest.mark.parametrize(
    ("keys", "quote"),
    [
        ("l", "ayor denies"), ("w", "denies secret"), ("ww", "secret plan"), ("wwb", "denies"),
        ("e", " denies"), ("j", "\nThe mayor"), ("jj", "The mayor"), ("jjjk", "The mayor"),
        (".", "The mayor"), ("..", "that 40"), ("..,", "The mayor"), (")", "The mayor"),
        ("))", "“That is"), (")))(", "“That is"), ("}", "The mayor"), ("}}", "Prices"),
        ("}}{", "The mayor"), ("G", ""), ("Ggg", "Mayor denies"), ("wgg", "Mayor denies"),
        (["end"], "\n\nThe"), (["end", "home"], "Mayor"), (["ctrl+right"], "denies"),
        (["w", "ctrl+left"], "Mayor"), (["down", "down", "up", "down"], "The mayor"),
        (["ctrl+end"], ""), (["G", "ctrl+home"], "Mayor"),
    ],
)  # fmt: skip
async def test_motions_lead_where_they_say(db: Path, keys: list[str], quote: str) -> None:
    async with reader(db) as desk:
        await desk.press(*keys)
        assert desk.text[desk.view.caret :].startswith(quote)
        assert quote or desk.view.caret == len(desk.text)


@pytest.mark.parametrize(
    ("keys", "row"),
    [
        (["ctrl+d"], 10), (["ctrl+d", "ctrl+d", "ctrl+u"], 10), (["space"], 18),
        (["pagedown"], 18), (["pagedown", "pageup"], 0),
    ],
)  # fmt: skip
async def test_screens_go_by(tmp_path: Path, keys: list[str], row: int) -> None:
    build(tmp_path / "a.db", [LINES])
    async with reader(tmp_path / "a.db", size=(80, 23)) as desk:
        await desk.press(*keys)
        assert abs(desk.text.count("\n", 0, desk.view.caret) - row) <= 2


async def test_ctrl_l_centres_the_row_of_the_caret(tmp_path: Path) -> None:
    build(tmp_path / "a.db", [LINES])
    async with reader(tmp_path / "a.db", size=(80, 23)) as desk:
        await desk.press(*["j"] * 15, "ctrl+l")
        assert desk.view.scroll_offset.y == 15 - 10


async def test_v_selects_to_any_motion_and_v_or_esc_clears(db: Path) -> None:
    async with reader(db) as desk:
        await desk.press("v")
        assert "SELECT" in desk.said
        await desk.press("w", "e")
        assert desk.selected == "Mayor denies"
        await desk.press("b")
        assert desk.selected == "Mayor "
        await desk.press("v")
        assert desk.selected == ""
        assert "SELECT" not in desk.said
        await desk.press("v", "e", "escape")
        assert desk.selected == ""
        await desk.press("e")
        assert desk.selected == ""


async def test_shift_and_arrows_select_until_a_plain_motion(db: Path) -> None:
    async with reader(db) as desk:
        await desk.press("shift+right", "shift+right", "shift+left")
        assert desk.selected == "M"
        await desk.press("ctrl+shift+right")
        assert desk.selected == "Mayor "
        await desk.press("shift+end")
        assert desk.selected == "Mayor denies secret plan"
        await desk.press("shift+home", "shift+down")
        assert desk.selected == "Mayor denies secret plan\n"
        await desk.press("shift+up")
        assert desk.selected == ""
        await desk.press("shift+right", "l")
        assert desk.selected == ""


async def test_shift_selection_goes_on_under_v(db: Path) -> None:
    async with reader(db) as desk:
        await desk.press("shift+right", "v", "e")
        assert desk.selected == "Mayor"


async def test_o_swaps_the_edge_that_moves(db: Path) -> None:
    async with reader(db) as desk:
        await desk.go_to("40 people")
        await desk.press("v", "w", "e", "o", "b")
        assert desk.selected == "that 40 people"
        await desk.press("o", "w")
        assert desk.selected == "that 40 people "
        await desk.press("escape", "o")
        assert "v begins a selection" in desk.said


@pytest.mark.parametrize("place", ["40 people", "not true", "asked", "secret"])
async def test_grow_and_shrink_lead_exactly_back(db: Path, place: str) -> None:
    async with reader(db) as desk:
        await desk.go_to(place)
        caret, seen = desk.view.caret, [""]
        while "nothing larger" not in desk.said:
            await desk.press("+")
            if desk.selected != seen[-1]:
                assert seen[-1] in desk.selected
                seen.append(desk.selected)
        assert len(seen) >= 3
        while seen:
            assert desk.selected == seen.pop()
            await desk.press("-")
        assert desk.view.caret == caret
        assert "nothing smaller" in desk.said


async def test_growing_a_selection_of_ones_own_leads_back_to_it(db: Path) -> None:
    async with reader(db) as desk:
        await desk.go_to("left the town")
        await desk.press("v", "w", "w", "e")
        assert desk.selected == "left the town"
        await desk.press("+", "+", "-", "-")
        assert desk.selected == "left the town"


async def test_a_motion_ends_the_way_back_and_the_focus(db: Path) -> None:
    mark(db, "40 people")
    async with reader(db) as desk:
        await desk.press("]")
        assert desk.focused == ("claim", "40 people")
        await desk.press("w")
        assert desk.focused is None
        await desk.press("escape")
        assert "q leaves" in desk.said


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ("Z", "Z does nothing here"), ("%", "% does nothing here"), ("gx", "g x does nothing"),
        (["f5"], "f5 does nothing"), (["f6"], "f6 does nothing"), ("k", "start of the article"),
        ("Gl", "end of the article"), ("]", "no marks yet"), ("[", "no marks yet"),
        ("t", "no mark at the caret"), ("x", "no mark of yours"), ("i", "no mark of yours"),
        (["enter"], "no marks yet"), ("J", "only article"), ("K", "only article"),
        ("u", "nothing of yours to undo"), (["ctrl+r"], "nothing of yours to redo"),
        (["ctrl+c"], "Nothing is selected"), ("-", "nothing smaller"),
    ],
)  # fmt: skip
async def test_a_key_that_does_nothing_says_so(db: Path, keys: list[str], words: str) -> None:
    before = db.read_bytes()
    async with reader(db) as desk:
        await desk.press(*keys)
        assert words in desk.said
        await desk.press("b" if desk.view.caret else "w")
        assert words not in desk.said
    assert db.read_bytes() == before


async def test_the_prefix_is_shown_and_esc_ends_it(db: Path) -> None:
    async with reader(db) as desk:
        await desk.press("w", "g")
        assert "top of the article" in desk.screen.legend.text
        await desk.press("escape")
        assert "claim" in desk.screen.legend.text
        await desk.press("g", "g")
        assert desk.view.caret == 0


async def test_alt_with_a_letter_is_esc_and_the_letter(db: Path) -> None:
    async with reader(db) as desk:
        await desk.press("v", "e")
        desk.app.post_message(events.Key("alt+w", "w"))
        await desk.idle()
        assert desk.selected == ""
        assert desk.text[desk.view.caret :].startswith("denies")


async def test_j_and_k_go_from_article_to_article_and_keep_the_caret(tmp_path: Path) -> None:
    build(tmp_path / "a.db", [ARTICLE, OTHER_ARTICLE])
    async with reader(tmp_path / "a.db", size=(110, 30)) as desk:
        await desk.press("w", "J")
        assert desk.text == OTHER_ARTICLE
        assert "2 of 2" in desk.screen.headline.text
        await desk.press("w", "w", "J")
        assert "last article" in desk.said
        await desk.press("K")
        assert desk.text == ARTICLE
        assert desk.view.caret == len("Mayor ")
        await desk.press("K")
        assert "first article" in desk.said
        await desk.press("J")
        assert desk.view.caret == len("A second ")


async def test_reading_writes_nothing_to_the_database(tmp_path: Path, own_state: Path) -> None:
    path = tmp_path / "a.db"
    build(path, [ARTICLE, OTHER_ARTICLE])
    mark(path, "40 people")
    before, folder = path.read_bytes(), {one.name for one in tmp_path.iterdir()}
    async with reader(path, "somebody new") as desk:
        for keys in ("}}ww", "JK", "vee", "G", "]", "t", "O", "?"):
            await desk.press(*keys)
        await desk.press("escape", "enter", "j", "escape", "q")
    assert path.read_bytes() == before
    assert {one.name for one in tmp_path.iterdir()} - folder == {own_state.name}


async def test_the_place_is_remembered_outside_the_database(
    tmp_path: Path, own_state: Path
) -> None:
    path = tmp_path / "a.db"
    build(path, [ARTICLE, OTHER_ARTICLE])
    async with reader(path) as desk:
        await desk.press("w", "J", "w", "w")
        caret = desk.view.caret
    assert list(own_state.rglob("*.json"))
    async with reader(path) as desk:
        assert desk.text == OTHER_ARTICLE
        assert desk.view.caret == caret
        await desk.press("K")
        assert desk.view.caret == len("Mayor ")


async def test_a_place_that_cannot_be_read_is_the_beginning(db: Path, own_state: Path) -> None:
    async with reader(db) as desk:
        await desk.press("w")
    for one in own_state.rglob("*.json"):
        one.write_text('{"document_id": 3, "carets": [}')
    async with reader(db) as desk:
        assert desk.view.caret == 0


async def test_a_state_directory_that_cannot_be_written_is_no_trouble(
    db: Path, own_state: Path
) -> None:
    own_state.write_text("a file where the folder should be")
    async with reader(db) as desk:
        await desk.press("w")


async def test_row_motions_stop_between_graphemes_that_are_drawn_in_parts(tmp_path: Path) -> None:
    flag = "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
    path = tmp_path / "flag.db"
    build(path, ["abcdefghij\n" + flag * 3 + " plays\nabcdefghij\n"])
    async with reader(path) as desk:
        edges = {11 + len(flag) * n for n in range(4)}
        for column in range(10):
            await desk.press("g", "g", *["l"] * column, "j")
            assert desk.view.caret in edges or desk.view.caret > max(edges)
            await desk.press("j", "k")
            assert desk.view.caret in edges or desk.view.caret > max(edges)
