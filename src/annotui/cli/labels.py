"""labels: the label scheme, printed, written to a file, and replaced by another."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from annotui.cli import output
from annotui.cli.settings import Command, Settings, takes_settings
from annotui.domain.visible import visible
from annotui.errors import ExportError, LabelError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from annotui.domain.label_scheme import LabelScheme
    from annotui.services.schemes import Replaced

LABELS_HELP = """Print the labels and what each means, or change them.

For each: its key in the reader, glyph, name, colour, guideline and an example. json is a list of
objects with name, key, glyph, colour, guideline and example. Without a database these are the
labels that a new one begins with.

--export writes them as TOML, to standard output or to a FILE that does not exist yet. --import
gives the database the labels of such a FILE, as one change that `annotui undo` takes back.

A label that goes and has marks needs a word on them: --carry OLD=NEW gives them another label,
everybody's, with the history kept; --retire OLD leaves them as they are and only takes the key
away. Both may be repeated. No mark is ever lost.

\b
Examples:
  annotui labels --export scheme.toml
  annotui labels --import scheme.toml
  annotui labels --import scheme.toml --carry claim=assertion --retire denial
"""
TO_STDOUT = "-"


@click.command("labels", cls=Command, help=LABELS_HELP)
@click.option(
    "--format", "form", type=click.Choice(["table", "json"]), default="table",
    show_default=True, help="How to print them.",
)  # fmt: skip
@click.option(
    "--export", "target", is_flag=False, flag_value=TO_STDOUT, metavar="[FILE]",
    help="Write them as TOML.",
)  # fmt: skip
@click.option("--import", "source", metavar="FILE", help="Take the labels of this file instead.")
@click.option("--carry", multiple=True, metavar="OLD=NEW", help="Give the marks of OLD to NEW.")
@click.option("--retire", multiple=True, metavar="OLD", help="Leave the marks of OLD as they are.")
@takes_settings
def labels(
    settings: Settings,
    form: str,
    target: str | None,
    source: str | None,
    carry: tuple[str, ...],
    retire: tuple[str, ...],
) -> None:
    """Print or change the scheme."""
    if (carry or retire) and source is None:
        raise click.UsageError("--carry and --retire go with --import. Nothing was changed.")
    if source is not None and target is not None:
        raise click.UsageError("--import and --export are two commands. Nothing was done.")
    if source is not None:
        _import(settings, source, carry, retire)
        return
    with settings.reading() as workspace:
        scheme = workspace.scheme()
    if target is not None:
        _export(scheme, target, settings.db)
    elif form == "json":
        names = ("name", "key", "glyph", "colour", "guideline", "example")
        output.json_data([{name: getattr(label, name) for name in names} for label in scheme])
    else:
        output.styled(_described(scheme))


def _export(scheme: LabelScheme, target: str, database: Path) -> None:
    from annotui.services import interchange, scheme_file

    text = scheme_file.as_toml(scheme)
    if target == TO_STDOUT:
        output.data(text)
        return
    if os.path.lexists(target):
        raise ExportError(f"{target} exists already. Nothing was written; name a new file.")
    interchange.write_file(Path(target), text, database)
    output.words(
        f"Wrote {output.counted(len(scheme), 'label')} to {target}. Change it and bring it back "
        f"with: annotui labels --import {shlex.quote(target)}"
    )


def _import(
    settings: Settings, source: str, carry: tuple[str, ...], retire: tuple[str, ...]
) -> None:
    from annotui.services import scheme_file, schemes
    from annotui.tui.key_table import check_label_keys

    scheme = scheme_file.read(Path(source))
    if scheme is None:
        raise LabelError(f"There is no file {source}. Nothing was changed.")
    check_label_keys(scheme, source, settings.config().keys)
    with settings.writing() as workspace:
        pairs = _carried(carry, scheme)
        done = schemes.replace_scheme(workspace, scheme, carry=pairs, retire=retire)
    if not done.change_id:
        output.words(f"{settings.db} has these labels already; nothing was changed.")
        return
    output.line(done.change_id)
    output.words(_told(settings, scheme, done, pairs))


def _carried(carry: tuple[str, ...], scheme: LabelScheme) -> dict[str, str]:
    """Old and new label of every ``--carry``."""
    pairs: dict[str, str] = {}
    for written in carry:
        old, new = _pair(written, scheme)
        if pairs.setdefault(old, new) != new:
            raise click.UsageError(
                f"--carry takes {old!r} to {pairs[old]!r} and to {new!r}; choose one of them. "
                "Nothing was changed."
            )
    return pairs


def _pair(written: str, scheme: LabelScheme) -> tuple[str, str]:
    """OLD and NEW; names may hold ``=`` themselves, so NEW is looked for in the new scheme."""
    cuts = [at for at, char in enumerate(written) if char == "="]
    for at in cuts:
        if written[at + 1 :] in scheme:
            return written[:at], written[at + 1 :]
    if not cuts:
        raise click.UsageError(f"--carry is written OLD=NEW, not {written!r}. Nothing was changed.")
    return written[: cuts[0]], written[cuts[0] + 1 :]


def _told(settings: Settings, scheme: LabelScheme, done: Replaced, pairs: dict[str, str]) -> str:
    names = ", ".join(label.name for label in scheme)
    told = [f"The labels of {settings.db} are now: {names}."]
    for old, count in done.carried.items():
        told.append(f"{output.counted(count, 'mark')} carried from {old} to {pairs[old]}.")
    if done.undecided:
        told.append(f"{done.undecided:,} of them had been reviewed and are unreviewed now.")
    for old, count in done.retired.items():
        told.append(f"{old} is retired and its {output.counted(count, 'mark')} kept.")
    return " ".join([*told, "`annotui undo` takes it back."])


def _described(scheme: LabelScheme) -> Iterator[RenderableType]:
    """Each label as a line of its key, glyph, name and colour, and what it means below."""
    from rich.padding import Padding
    from rich.text import Text

    for number, label in enumerate(scheme):
        if number:
            yield Text()
        facts = f"{label.key}  {label.glyph}  "
        yield Text.assemble(
            visible(facts), (visible(label.name), f"bold {label.colour}"), f"  {label.colour}"
        )
        for words in (label.guideline, f"Example: {label.example}" if label.example else ""):
            if words:
                yield Padding(Text(visible(words, newline="\n")), (0, 0, 0, 6))
    if scheme.retired:
        names = ", ".join(label.name for label in scheme.retired)
        yield Text(visible(f"\nRetired (marks stay, no key makes new ones): {names}", newline="\n"))
