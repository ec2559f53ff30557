"""``ArticleView`` in a bare app: moving, scrolling, repainting only what has changed."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from rich.cells import cell_len
from textual.app import App, ComposeResult
from textual.geometry import Region, Size
from textual.message import Message
from textual.pilot import Pilot
from textual.widgets import Static

from annotui.domain.annotation import Annotation
from annotui.domain.annotation_index import AnnotationIndex
from annotui.domain.document import Document
from annotui.domain.label_scheme import default_scheme
from annotui.domain.span import Span
from annotui.tui.widgets.article_view import ArticleView

ARTICLE = "The dam is safe\n\n" + "\n\n".join(
    f"Paragraph {number} says that " + "the chief engineer insisted on it again, " * 4 + "twice."
    for number in range(40)
)


def mark(number: int, label: str, start: int, end: int, who: str = "me") -> Annotation:
    return Annotation(f"a{number}", "d", label, start, end, "", who)


class Host(App[None]):
    """An article between two lines."""

    def __init__(self, text: str = ARTICLE, caret: int = 0) -> None:
        super().__init__()
        self.text, self.caret = text, caret
        self.messages: list[Message] = []

    def compose(self) -> ComposeResult:
        yield Static("above")
        yield ArticleView()

    def on_mount(self) -> None:
        self.view.own_names = frozenset({"me"})
        self.view.set_scheme(default_scheme())
        self.view.load(Document("d", "t", self.text), self.caret)

    @property
    def view(self) -> ArticleView:
        return self.query_one(ArticleView)

    def on_article_mouse_clicked(self, message: ArticleView.Clicked) -> None:
        self.messages.append(message)

    def on_article_mouse_dragged(self, message: ArticleView.Dragged) -> None:
        self.messages.append(message)

    def on_article_view_laid_out(self, message: ArticleView.LaidOut) -> None:
        self.messages.append(message)


def rows_on_screen(app: Host) -> list[str]:
    view = app.view
    strips = view.render_lines(Region(0, 0, view.size.width, view.size.height))
    return [strip.text.rstrip() for strip in strips]


async def settled(pilot: Pilot[None]) -> None:
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


class Repaints:
    """Which rows of the view are refreshed."""

    def __init__(self, view: ArticleView, monkeypatch: pytest.MonkeyPatch) -> None:
        self.rows: list[int] = []
        self.whole = 0
        refresh = view.refresh

        def spy(*regions: Region, **options: bool) -> ArticleView:
            for region in regions:
                if region.height == view.size.height:
                    self.whole += 1
                else:
                    self.rows.extend(range(region.y, region.bottom))
            if not regions:
                self.whole += 1
            return refresh(*regions, **options)

        monkeypatch.setattr(view, "refresh", spy)


@pytest.fixture
def host() -> Host:
    return Host()


async def test_it_shows_the_text_with_a_headline(host: Host) -> None:
    async with host.run_test(size=(80, 20)) as pilot:
        await settled(pilot)
        rows = rows_on_screen(host)
        assert rows[0].strip() == "The dam is safe"
        assert rows[2].strip().startswith("Paragraph 0 says")
        strip = host.view.render_line(0)
        assert all(s.style and s.style.bold for s in strip if s.text.strip())
        assert not any(s.style and s.style.bold for s in host.view.render_line(2))


async def test_a_caret_move_repaints_two_rows_at_most(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with host.run_test(size=(80, 20)) as pilot:
        await settled(pilot)
        view = host.view
        view.move_caret(20)
        await pilot.pause()
        repaints = Repaints(view, monkeypatch)
        view.move_caret(21)
        assert repaints.rows == [2]
        view.move_caret(view.offset_rows_away(1), keep_column=True)
        assert repaints.rows[1:] == [2, 3]
        await pilot.pause()
        view.move_caret(view.caret)
        assert len(repaints.rows) == 3
        assert not repaints.whole


async def test_the_column_is_kept_over_short_rows(host: Host) -> None:
    async with host.run_test(size=(80, 20)) as pilot:
        await settled(pilot)
        view = host.view
        start = ARTICLE.index("Paragraph 0")
        view.move_caret(start + 30)
        rows = view._rows
        for _ in range(6):
            view.move_caret(view.offset_rows_away(1), keep_column=True)
        row = rows.row_of(view.caret)
        assert rows.drawn(row).column_of(view.caret) == 30
        for _ in range(6):
            view.move_caret(view.offset_rows_away(-1), keep_column=True)
        assert view.caret == start + 30


async def test_row_start_and_end(host: Host) -> None:
    async with host.run_test(size=(80, 20)) as pilot:
        await settled(pilot)
        view = host.view
        view.move_caret(5)
        assert (view.row_start(), view.row_end()) == (0, 15)
        start = ARTICLE.index("Paragraph 0")
        view.move_caret(start + 5)
        assert view.row_start() == start
        assert ARTICLE[view.row_end()] == " "


async def test_it_scrolls_only_when_the_caret_leaves_and_then_with_context(host: Host) -> None:
    async with host.run_test(size=(80, 20)) as pilot:
        await settled(pilot)
        view = host.view
        height = view.size.height
        tops = []
        for _ in range(height + 10):
            view.move_caret(view.offset_rows_away(1), keep_column=True)
            tops.append(view.scroll_offset.y)
        assert tops[height - 2] == 0
        assert tops[height - 1] == 4
        row = view._rows.row_of(view.caret)
        assert view.scroll_offset.y <= row < view.scroll_offset.y + height
        view.move_caret(len(ARTICLE))
        assert view.scroll_offset.y == view._rows.row_count - height
        view.centre_caret()
        view.move_caret(len(ARTICLE) // 2, centre=True)
        row = view._rows.row_of(view.caret)
        assert row - view.scroll_offset.y == height // 2


async def test_a_page_moves_the_view_by_as_much_as_the_caret(host: Host) -> None:
    async with host.run_test(size=(80, 20)) as pilot:
        await settled(pilot)
        view = host.view
        view.move_caret(40)
        before = view._rows.row_of(view.caret) - view.scroll_offset.y
        view.move_caret(view.offset_pages_away(1), keep_column=True)
        assert view.scroll_offset.y == view.size.height - 2
        assert view._rows.row_of(view.caret) - view.scroll_offset.y == before
        view.move_caret(view.offset_pages_away(-1), keep_column=True)
        assert (view.caret, view.scroll_offset.y) == (40, 0)
        view.move_caret(view.offset_pages_away(0.5), keep_column=True)
        assert view.scroll_offset.y == round(view.size.height / 2)


async def test_selection_and_focus_repaint_only_their_rows(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with host.run_test(size=(80, 20)) as pilot:
        await settled(pilot)
        view = host.view
        third = ARTICLE.index("Paragraph 2")
        view.show_annotations(AnnotationIndex([mark(1, "claim", third, third + 20)]))
        await pilot.pause()
        repaints = Repaints(view, monkeypatch)
        start = ARTICLE.index("Paragraph 1")
        view.selection = Span(start, start + 5)
        row = view._rows.row_of(start)
        assert repaints.rows == [row]
        await pilot.pause()
        view.selection = Span(start, start + 9)
        assert repaints.rows == [row, row]
        view.focused_id = "a1"
        assert repaints.rows[2:] == [view._rows.row_of(third)]
        await pilot.pause()
        view.move_caret(0, selection=None, focused_id="")
        assert sorted(repaints.rows[3:]) == [row, view._rows.row_of(third)]
        assert view.selection is None
        assert view.focused_id == ""
        assert not repaints.whole


async def test_selecting_does_not_scroll_back_to_the_caret(host: Host) -> None:
    async with host.run_test(size=(80, 20)) as pilot:
        await settled(pilot)
        view = host.view
        view.scroll_to(y=40, animate=False, immediate=True)
        view.selection = Span(0, 5)
        view.focused_id = "a1"
        assert view.scroll_offset.y == 40
        view.move_caret(1)
        assert view.scroll_offset.y == 0


async def test_a_new_mark_repaints_its_rows_only(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with host.run_test(size=(80, 20)) as pilot:
        await settled(pilot)
        view = host.view
        first, second = ARTICLE.index("Paragraph 0"), ARTICLE.index("Paragraph 1")
        index = AnnotationIndex([mark(1, "claim", first, first + 30)])
        view.show_annotations(index)
        await pilot.pause()
        repaints = Repaints(view, monkeypatch)
        one = mark(2, "denial", second + 3, second + 12)
        index = index.replaced(None, one)
        view.show_annotations(index, [one.span])
        assert repaints.rows == [view._rows.row_of(second)]
        await pilot.pause()
        assert rows_on_screen(host)[view._rows.row_of(second)].strip().startswith("¬")
        view.show_annotations(index.replaced(one, None), [one.span])
        assert repaints.rows == [view._rows.row_of(second)] * 2
        view.show_annotations(index)
        assert not repaints.whole


async def test_resizing_keeps_the_caret_s_row_in_its_place(host: Host) -> None:
    async with host.run_test(size=(80, 20)) as pilot:
        await settled(pilot)
        view = host.view
        view.move_caret(len(ARTICLE) // 2)
        view.move_caret(view.offset_rows_away(-2))
        place = view._rows.row_of(view.caret) - view.scroll_offset.y
        for width in (60, 33, 110, 80):
            await pilot.resize_terminal(width, 20)
            await settled(pilot)
            assert view._rows.row_of(view.caret) - view.scroll_offset.y == place
            assert ARTICLE[view.row_start() :].startswith(rows_on_screen(host)[place].strip()[:10])


@pytest.mark.parametrize("size", [(1, 1), (1, 5), (2, 2), (7, 3), (20, 2), (300, 4)])
async def test_no_size_is_too_small(host: Host, size: tuple[int, int]) -> None:
    host.text = "世界 and 👩\u200d🚀 \t x\n\n" + ARTICLE
    async with host.run_test(size=(80, 20)) as pilot:
        await pilot.resize_terminal(*size)
        await settled(pilot)
        view = host.view
        for rows in (1, 3, -2, 40):
            view.move_caret(view.offset_rows_away(rows), keep_column=True)
            view.move_caret(view.offset_pages_away(1), keep_column=True)
            await pilot.pause()
        view.move_caret(len(host.text), selection=Span(0, len(host.text)))
        await pilot.pause()
        for strip in view.render_lines(Region(0, 0, view.size.width, view.size.height)):
            assert cell_len(strip.text) <= max(1, view.size.width)


@pytest.mark.parametrize("text", ["", "\n", "x", "\n\n\n"])
async def test_tiny_texts(text: str) -> None:
    host = Host(text)
    async with host.run_test(size=(40, 10)) as pilot:
        await settled(pilot)
        view = host.view
        for offset in (0, 1, 5):
            view.move_caret(offset)
            assert view.caret == min(offset, len(text))
        view.move_caret(view.offset_pages_away(1), keep_column=True)
        view.move_caret(view.offset_rows_away(-9), keep_column=True)
        assert (view.visible_span() is None) == (not text)


async def test_opening_in_the_middle_of_a_long_text_then_laying_out_the_rest() -> None:
    text = "".join(f"{number} " + "word " * (number % 60) + "\n" for number in range(12_000))
    caret = text.index("\n6001 ") + 1
    host = Host(text, caret)
    async with host.run_test(size=(60, 20)) as pilot:
        view = host.view
        await pilot.pause()
        await settled(pilot)
        assert any(isinstance(message, ArticleView.LaidOut) for message in host.messages)
        assert view._rows.complete
        assert view.virtual_size == Size(view.size.width, view._rows.row_count)
        assert any(row.strip().startswith("6001 word") for row in rows_on_screen(host))
        assert view.vertical_scrollbar.position == view.scroll_offset.y


async def test_the_screen_stands_still_while_rows_above_are_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = "".join(f"{number} " + "word " * (number % 60) + "\n" for number in range(12_000))
    host = Host(text, text.index("\n9000 ") + 1)
    async with host.run_test(size=(60, 20)) as pilot:
        view = host.view
        await settled(pilot)
        monkeypatch.setattr(view, "run_worker", lambda work, **_: work.close())
        view.load(Document("d", "t", text), text.index("\n6000 ") + 1)
        await pilot.pause()
        shown, tops = rows_on_screen(host), set()
        while not view._rows.complete:
            top_offset = view._rows.bounds(view.scroll_offset.y)[0]
            view._rows.lay_out_next()
            view._stand_still(top_offset)
            assert rows_on_screen(host) == shown
            tops.add(view.scroll_offset.y)
        assert len(tops) > 1


async def test_visible_span_is_what_is_on_the_screen(host: Host) -> None:
    async with host.run_test(size=(80, 20)) as pilot:
        await settled(pilot)
        view = host.view
        span = view.visible_span()
        assert span is not None
        assert span.start == 0
        assert ARTICLE[: span.end].split()[-1] in rows_on_screen(host)[-1]


async def test_a_click_tells_the_offset(host: Host) -> None:
    async with host.run_test(size=(80, 20)) as pilot:
        await settled(pilot)
        column = host.view._frame.text_column
        await pilot.click(ArticleView, offset=(column + 4, 0))
        await pilot.click(ArticleView, offset=(column + 60, 0))
        clicks = [m for m in host.messages if isinstance(m, ArticleView.Clicked)]
        assert [(click.offset, click.shift) for click in clicks] == [(4, False), (15, False)]


async def test_a_drag_tells_both_ends_and_is_no_click(host: Host) -> None:
    async with host.run_test(size=(80, 20)) as pilot:
        await settled(pilot)
        column = host.view._frame.text_column
        await pilot.mouse_down(ArticleView, offset=(column + 4, 0))
        await pilot.hover(ArticleView, offset=(column + 7, 0))
        await pilot.mouse_up(ArticleView, offset=(column + 9, 2))
        await pilot.pause()
        drags = [m for m in host.messages if not isinstance(m, ArticleView.LaidOut)]
        assert all(isinstance(drag, ArticleView.Dragged) for drag in drags)
        last = drags[-1]
        assert isinstance(last, ArticleView.Dragged)
        assert (last.anchor, last.offset, last.ended) == (4, 17 + 9, True)


async def test_another_theme_gives_other_colours(host: Host) -> None:
    async with host.run_test(size=(80, 20)) as pilot:
        await settled(pilot)
        before = host.view.render_line(2)
        host.theme = "textual-light"
        await pilot.pause()
        after = host.view.render_line(2)
        assert before.text == after.text
        assert [s.style for s in before] != [s.style for s in after]


async def test_marks_of_others_are_dimmed_until_they_are_one_s_own(host: Host) -> None:
    async with host.run_test(size=(80, 20)) as pilot:
        await settled(pilot)
        view = host.view
        view.show_annotations(AnnotationIndex([mark(1, "claim", 17, 30, who="you")]))
        dimmed = [s.style for s in view.render_line(2)]
        view.own_names = frozenset({"me", "you"})
        assert [s.style for s in view.render_line(2)] != dimmed


def set_columns(strips: Iterable[object]) -> int:
    return sum(type(strip).__name__ == "AlignedStrip" for strip in strips)


async def test_rows_with_emoji_are_aligned_and_others_are_left_alone() -> None:
    host = Host("one 👍🏽 two\nplain “text”\n")
    async with host.run_test(size=(80, 20)) as pilot:
        await settled(pilot)
        view = host.view
        strips = view.render_lines(Region(0, 0, view.size.width, view.size.height))
        assert set_columns(strips) == 1
        assert type(strips[0]).__name__ == "AlignedStrip"


async def test_nothing_raw_reaches_the_terminal() -> None:
    host = Host("a\x1b]52;c;aGk=\x07b\x9b2Jc\u202ed\x00\r\u2028e\n" * 3)
    async with host.run_test(size=(80, 20)) as pilot:
        await settled(pilot)
        for row in rows_on_screen(host):
            assert not set(row) & set("\x1b\x07\x9b\u202e\x00\r\u2028")
