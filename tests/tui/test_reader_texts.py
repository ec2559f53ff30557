"""Texts that are hard to draw and to count, marked by keys."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from reader_desk import build, mark, problems, reader, rows
from wcwidth import iter_graphemes

from annotui.tui.actions import ACTIONS
from annotui.tui.key_table import arrival

NASTY = {
    "families": "The 👩‍👩‍👧 family and 👨‍👩‍👧‍👦 went home. Then 🇫🇷🇩🇪 flags came, 40 of them.",
    "skin": "A 👍🏽 and a ❤️ and 1️⃣ keycap, ☎︎ too, said nobody at all.",
    "combining": "Cafe\u0301 nai\u0308ve Z\u0351\u036b\u0343\u036a\u0302algo words, 3 of them.",
    "cjk": "知事は四十人が町を離れたと述べた。新聞はそれを否定した。\n東京の人口は1400万人だ。",
    "arabic": "قال رئيس البلدية إن ٤٠ شخصا غادروا المدينة، لكن الصحيفة تنفي ذلك.",
    "hebrew": "ראש העיר אמר כי 40 איש עזבו את העיר במאי, אבל העיתון חולק על כך.",
    "hindi": "महापौर ने कहा कि 40 लोग शहर छोड़ गए। क्षि त्रि ज्ञ।",
    "hangul": "시장은 40명이 떠났다고 말했다. \u1112\u1161\u11ab\u1100\u1173\u11af 글.",
    "tabs": "One\ttwo\t\tthree, and\tfour words.\n\tIndented, with a tab.",
    "escapes": "Red \x1b[31mtext\x1b[0m and \x1b]52;c;aGk=\x07 clip, \x9b2J C1, \x07bell.",
    "markup": "A [bold]word[/bold] and [@click=app.quit]press[/] here, [/] and [red].",
    "separators": "One\u2028two\u2029three\x0bfour\x0cfive\x85six\x1cseven, eight words.",
    "bidi": "Left \u202eright\u202c and \u2066lone\u2069 words, \u200bzero\u200c\u200dwidth\ufeff.",
    "tags": "England 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f plays, 2 to 1.",
    "long": "x" * 300 + " " + "word " * 50 + "漢" * 90 + "👩‍👩‍👧" * 20,
    "marks": "a" + "\u0301" * 200 + "b and then more words, 5 of them.",
    "one": "x",
}


def everything() -> str:
    return "\n\n".join(NASTY.values())


@pytest.mark.parametrize("name", NASTY)
async def test_marks_made_by_keys_have_right_offsets(tmp_path: Path, name: str) -> None:
    path = tmp_path / "a.db"
    build(path, [NASTY[name]])
    async with reader(path, size=(60, 20)) as desk:
        text = desk.text
        await desk.press("c")
        for keys in ("lllvlls", "G.bvhhd", "gg+++a", "vGc", "ggwvwvs", "G(vkka"):
            await desk.press("escape", *keys)
        assert sorted(desk.painted) == sorted(desk.stored)
        found = rows(path, "SELECT start, end, quote FROM annotation WHERE removed = 0")
        for start, end, quote in found:
            assert text[start:end] == quote
        assert found
        edges = {0}
        for grapheme in iter_graphemes(text):
            edges.add(max(edges) + len(grapheme))
        if name != "marks":
            assert all(start in edges and end in edges for start, end, _ in found)
    assert problems(path) == ()


async def test_a_random_walk_over_the_keys_breaks_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    build(path, [everything(), "A second, short article. It has two sentences."])
    mark(path, "words", "claim", annotator="bob", note="\x1b[31m[bold]")
    typed = [
        key
        for action in ACTIONS
        if action.action_id not in ("quit", "commands", "export", "copy", "help", "guideline")
        for keys in action.keys
        for key in keys.split(" ")
    ]
    chance = random.Random(20260131)
    async with reader(path, size=(70, 20)) as desk:
        for step in range(400):
            key = chance.choice([*typed, *"cdsaccddssaa1234" * 3, "]", "v", "+", "x", "u"])
            await desk.press(arrival(key))
            if len(desk.app.screen_stack) > 2:
                await desk.press(*chance.choice((["escape"], ["enter"], ["a", "enter"])))
                for key in ("escape", "q") * 9:
                    if len(desk.app.screen_stack) > 2:
                        await desk.press(key)
                assert len(desk.app.screen_stack) == 2
            if step % 97 == 50:
                await desk.pilot.resize_terminal(*chance.choice(((70, 20), (33, 9), (120, 40))))
            if step % 50 == 49:
                here = desk.screen.session.document.document_id
                stored = rows(
                    path,
                    "SELECT label, quote FROM annotations WHERE document_id = ? "
                    "AND (? OR annotator = 'ann')",
                    here,
                    desk.screen.shows_others,
                )
                assert sorted(stored) == sorted(desk.painted), f"after {step} keys"
        made = rows(path, "SELECT count(*) FROM annotation")[0][0]
        assert made > 20
        assert rows(path, "SELECT label, note FROM annotation WHERE annotator = 'bob'") == [
            ("claim", "\x1b[31m[bold]")
        ]
    assert problems(path) == ()


async def test_odd_titles_notes_and_names_are_shown_harmlessly(tmp_path: Path) -> None:
    path = tmp_path / "odd [bold]\u202e.db"
    build(path, ["\x1b]0;title\x07 [@click=app.quit]title[/]\n\nSome words."], annotator="[b]ann")
    mark(path, "Some", annotator="[b]ann", note="[/]\x1b[2J\u202e[bold]")
    async with reader(path, "[b]ann", size=(120, 30)) as desk:
        await desk.press("]")
        await desk.press("i", "escape", "L", "escape", "X", "escape", "x", "u", "?", "escape")
        picture = desk.app.export_screenshot()
        for control in ("\x1b", "\x07", "\u202e"):
            assert control not in picture
        assert "[b]ann" in picture.replace("&#160;", " ")
