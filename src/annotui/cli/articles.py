"""read and show: articles seen."""

from __future__ import annotations

import gc
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from annotui.cli import output
from annotui.cli.intake import with_ready_command
from annotui.cli.keys import checked_config
from annotui.cli.settings import Command, Settings, takes_settings
from annotui.domain.visible import visible
from annotui.errors import AnnotuiError, DocumentError, EncodingError

if TYPE_CHECKING:
    from annotui.cli.marked_text import Mark
    from annotui.services.workspace import Workspace

SHORT_ID = 12
"""Digits of a document's id in tables; six are enough to name it."""

QUOTE_CELLS = 60

READ_HELP = """Read articles and mark them.

Takes in what is not in the database yet and opens the first ARTICLE; with none, goes on with
the last one read. An ARTICLE is a path or, where no such file is there, the id, title or path
of a document that is in the database. This is also what `annotui ARTICLE…` does.
"""

TUTORIAL_HELP = """Learn the keys: ten minutes with the article that comes along.

The tutorial is the reader on a file of its own, which is gone afterwards; your own file is not
touched. ctrl+n skips a step, q leaves.
"""

SHOW_HELP = """Print a document with its marks.

Each mark has a code, the key of its label and a number. Its text stands between brackets that
bear the code, so nested, crossing and broken marks stay readable without colour:

\b
  ⟦a1|The mayor said|a1⟧ that ⟦c2|⟦s3|40 people|s3⟧ left|c2⟧.

A mark in fragments has the same code around each of them. The list below the article names
label, place and note of each code. Colours show on a terminal only (not with NO_COLOR).

In a pipe or file the article's lines are not wrapped and no character is changed; a bracket ⟦
or ⟧ of its own is doubled. The article ends before the line ⟦marks⟧. To get it back, take out

\b
  ⟦⟦ ⟧⟧              → ⟦ ⟧
  ⟦[A-Za-z]?[0-9]+[|]
  [|][A-Za-z]?[0-9]+⟧(?=(⟧⟧)*(?!⟧))

from left to right. For programs `annotui export` is the better source.
"""


@click.command("read", cls=Command, help=READ_HELP)
@click.argument("articles", nargs=-1, metavar="[ARTICLE]...")
@click.option("--blind", is_flag=True, help="Hide others' marks until the article is done.")
@takes_settings
def read(settings: Settings, articles: tuple[str, ...], blind: bool) -> int:
    """Open the reader."""
    settings = replace(settings, is_blind=settings.is_blind or blind)
    _check_terminal("Reading")
    # Nothing that starting makes becomes garbage; the reader looks for some from its first key on.
    gc.disable()
    annotator = settings.annotator_name()
    with settings.writing() as workspace:
        config = checked_config(settings, workspace)
        document_ids = _taken_in(workspace, settings, articles)
    from annotui.tui.app import read as open_reader

    return open_reader(settings.db, annotator, document_ids, config)


@click.command("tutorial", cls=Command, help=TUTORIAL_HELP)
@takes_settings
def tutorial(settings: Settings) -> int:
    """Open the tutorial."""
    _check_terminal("The tutorial")
    from annotui.services import config as configuration
    from annotui.tui.app import learn

    return learn(settings.annotator_name(), configuration.load(settings.db))


def _check_terminal(what: str) -> None:
    """Refuse to open a screen where there is none.

    Textual paints on standard error: sent to a file, it would leave a blank screen.

    Raises:
        AnnotuiError: then.
    """
    if not all(map(output.is_terminal, (sys.stdin, sys.stdout, sys.stderr))):
        raise AnnotuiError(
            f"{what} needs a terminal for both keyboard and screen, and there is none. Nothing "
            "was done; `annotui add` takes articles in and `annotui show` prints them without one."
        )


def _taken_in(workspace: Workspace, settings: Settings, articles: tuple[str, ...]) -> list[str]:
    """The ids of ``articles``; all are read before the first is stored."""
    from annotui.services import article_reading, library

    known: dict[int, str] = {}
    texts = {}
    for position, article in enumerate(articles):
        if not os.path.lexists(article) and workspace.exists:
            try:
                known[position] = library.find(workspace, article)
                continue
            except DocumentError as error:
                raise DocumentError(f"There is no file {article}, either. {error}") from error
        try:
            texts[position] = article_reading.read_file(Path(article))
        except EncodingError as error:
            raise DocumentError(with_ready_command(error, settings, article)) from error
    for position, plain in texts.items():
        source = library.source_of(workspace, Path(articles[position]))
        known[position] = library.add_text(workspace, plain, source=source).document_id
    return [known[position] for position in range(len(articles))]


@click.command("show", cls=Command, help=SHOW_HELP)
@click.argument("document")
@takes_settings
def show(settings: Settings, document: str) -> None:
    """Print a document with its marks."""
    from annotui.cli import marked_text
    from annotui.services import library
    from annotui.services.session import Session

    with settings.looking() as workspace:
        article = library.document(workspace, library.find(workspace, document))
        session = Session(workspace, article)
        marks = marked_text.numbered(session.annotations(), session.scheme)
    if session.hides_others:
        output.words(f"Blind: others' marks are hidden until {settings.annotator_name()} is done.")
    if output.is_terminal(sys.stdout):
        from rich.text import Text

        output.styled(
            [
                Text(visible(article.title), "bold"),
                Text(visible(f"{article.document_id[:SHORT_ID]}  {article.source}"), "dim"),
                Text(),
            ]
        )
        output.styled(marked_text.coloured_lines(article.text, marks, session.scheme))
        output.data("\n")
    else:
        output.data(f"{marked_text.marked(article.text, marks)}\n{marked_text.MARKS_LINE}\n")
    if marks:
        _list_marks(marks)


def _list_marks(marks: list[Mark]) -> None:
    output.table(
        ["mark", "label", "start", "end", "line", "annotator", "status", "quote", "note"],
        [
            (
                *(mark.code, mark.annotation.label, mark.annotation.start, mark.annotation.end),
                *(mark.annotation.line, mark.annotation.annotator, mark.annotation.review_status),
                *(_shortened(mark.annotation.quote), mark.annotation.note),
            )
            for mark in marks
        ],
        elastic=(5, 7, 8),
    )


def _shortened(quote: str) -> str:
    flat = " ".join(quote.split())
    return flat if len(flat) <= QUOTE_CELLS else flat[: QUOTE_CELLS - 1] + "…"
