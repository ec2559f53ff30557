"""stats: figures of the work in a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from annotui.cli import output
from annotui.cli.settings import Command, Settings, takes_settings

if TYPE_CHECKING:
    from annotui.domain.stats import Stats

Cells = list[str | int]

STATS_HELP = """Print figures: marks, lengths, decisions, documents and time.

Marks by label, annotator and day (UTC), and how long they are; decisions by reviewer, label and
reason; documents by status and their sentences by coverage; and active time: the time between the
changes that somebody made by hand, less every pause longer than --idle. A stretch of one change
counts as no time at all.

--label narrows marks, lengths and decisions, --since these and the time. --annotators chooses
whose marks, documents and time, and the decisions by them or on their marks.

csv has a row for each figure, with the columns figure, label, annotator, reviewer, day, status,
reason, changed and value. Coverage takes the longest; --no-coverage leaves it out.

\b
Examples:
  annotui stats --since 2024-05 --annotators ann,bob
  annotui stats --idle 10 --format csv > stats.csv
"""

COLUMNS = (
    *("figure", "label", "annotator", "reviewer", "day"),
    *("status", "reason", "changed", "value"),
)


@click.command("stats", cls=Command, help=STATS_HELP)
@click.option("--annotators", metavar="A,B…", help="Whose; else everybody's.")
@click.option("--document", "documents", multiple=True, metavar="DOCUMENT", help="Only this one.")
@click.option("--label", "labels", multiple=True, metavar="LABEL", help="Only this label.")
@click.option("--since", default="", metavar="DATE", help="Made on this day (UTC) or later.")
@click.option(
    "--idle", type=click.FloatRange(min=0), default=5.0, show_default=True, metavar="MINUTES",
    help="A longer pause is not work.",
)  # fmt: skip
@click.option("--no-coverage", is_flag=True, help="Do not count sentences; much faster.")
@click.option(
    "--format", "form", type=click.Choice(["table", "json", "csv"]), default="table",
    show_default=True, help="How to print it.",
)  # fmt: skip
@takes_settings
def stats(
    settings: Settings,
    annotators: str | None,
    documents: tuple[str, ...],
    labels: tuple[str, ...],
    since: str,
    idle: float,
    no_coverage: bool,
    form: str,
) -> None:
    """Print the figures."""
    from annotui.services import library
    from annotui.services import stats as service
    from annotui.storage.stats import Chosen

    names = [name.strip() for name in (annotators or "").split(",") if name.strip()]
    with settings.reading() as workspace:
        ids = [library.find(workspace, document) for document in documents]
        found = service.report(
            workspace,
            Chosen(ids, labels, names, since),
            idle_s=idle * 60,
            with_coverage=not no_coverage,
        )
    if form == "json":
        output.json_data(_facts(found))
    elif form == "csv":
        output.csv_data(COLUMNS, map(_csv_row, _figures(found)))
    else:
        _print_tables(found)


def _facts(found: Stats) -> dict[str, object]:
    """The figures for programs."""
    facts = {name: value for name, value in asdict(found).items() if name != "idle_s"}
    return {"idle_minutes": found.idle_s / 60, **facts}


Figure = dict[str, str | float]


def _figures(found: Stats) -> list[Figure]:
    """Every figure with what it is about, by column."""
    figures: list[Figure] = [
        {"figure": "marks", "label": one.label, "annotator": one.annotator, "day": one.day,
         "value": one.marks} for one in found.marks
    ]  # fmt: skip
    for lengths in found.lengths:
        for name in ("least", "mean", "median", "p90", "most"):
            value = getattr(lengths, name)
            figures.append(
                {"figure": f"{lengths.unit}_{name}", "label": lengths.label, "value": value}
            )
    for decided in found.decisions:
        facts = asdict(decided)
        about = {name: facts[name] for name in ("reviewer", "annotator", "label", "reason")}
        about |= {"status": decided.decision, "changed": "yes" if decided.changed else "no"}
        figures.append({"figure": "decisions_made", **about, "value": decided.made})
        figures.append({"figure": "decisions_counting", **about, "value": decided.counting})
    for of_status in found.documents:
        about = {"annotator": of_status.annotator, "status": of_status.status}
        figures.append({"figure": "documents", **about, "value": of_status.documents})
    for covered in found.coverage or ():
        for state in ("marked", "nothing", "unseen"):
            about = {"annotator": covered.annotator, "status": state}
            figures.append({"figure": "sentences", **about, "value": getattr(covered, state)})
    for active in found.time:
        about = {"annotator": active.person, "day": active.day}
        figures.append({"figure": "changes", **about, "value": active.changes})
        figures.append({"figure": "stretches", **about, "value": active.stretches})
        figures.append({"figure": "active_seconds", **about, "value": round(active.seconds, 3)})
    return figures


def _csv_row(figure: Figure) -> list[str | float]:
    return [figure.get(column, "") for column in COLUMNS]


def _print_tables(found: Stats) -> None:
    sections = (
        ("Marks", _marks(found)),
        ("Days", _days(found)),
        ("Lengths", _lengths(found)),
        ("Decisions", _decisions(found)),
        ("Documents", _documents(found)),
    )
    shown = [(heading, rows) for heading, rows in sections if len(rows) > 1]
    for number, (heading, (head, *body)) in enumerate(shown):
        output.paragraphs(f"\n{heading}" if number else heading)
        output.table([str(cell) for cell in head], body, elastic=(0,))
    if not shown:
        output.words("There is nothing to count.")
    else:
        output.words(
            f"Days are those of UTC; a pause over {found.idle_s / 60:g} min is not active time."
        )


def _marks(found: Stats) -> list[Cells]:
    """Labels down, annotators across."""
    counts: Counter[tuple[str, str]] = Counter()
    for one in found.marks:
        counts[one.label, one.annotator] += one.marks
    labels, names = _names(label for label, _ in counts), _names(name for _, name in counts)
    rows: list[Cells] = [["label", *names, "all"]]
    for label in labels:
        of_label = [counts[label, name] for name in names]
        rows.append([label, *of_label, sum(of_label)])
    if len(labels) > 1:
        columns = [sum(counts[label, name] for label in labels) for name in names]
        rows.append(["all", *columns, sum(columns)])
    return rows


def _days(found: Stats) -> list[Cells]:
    """Days and annotators down, labels across, and the time."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for one in found.marks:
        counts[one.day, one.annotator, one.label] += one.marks
    active = {(one.day, one.person): one for one in found.time}
    labels = _names(label for _, _, label in counts)
    rows: list[Cells] = [["day", "annotator", *labels, "changes", "stretches", "active"]]
    for day, name in sorted({(day, name) for day, name, _ in counts} | set(active)):
        act = active.get((day, name))
        time: Cells = [act.changes, act.stretches, _clock(act.seconds)] if act else [0, 0, "–"]
        rows.append([day, name, *(counts[day, name, label] for label in labels), *time])
    if len(found.time) > 1:
        totals = [sum(one.marks for one in found.marks if one.label == label) for label in labels]
        times = [sum(one.changes for one in found.time), sum(one.stretches for one in found.time)]
        rows.append(["all", "", *totals, *times, _clock(sum(one.seconds for one in found.time))])
    return rows


def _lengths(found: Stats) -> list[Cells]:
    rows: list[Cells] = [["label", "unit", "marks", "least", "median", "mean", "p90", "most"]]
    for one in found.lengths:
        middle = [f"{one.median:g}", f"{one.mean:.1f}"]
        rows.append([one.label or "all", one.unit, one.marks, one.least, *middle])
        rows[-1] += [one.p90, one.most]
    return rows


def _decisions(found: Stats) -> list[Cells]:
    """By reviewer, label, decision and reason; whose marks they are is in the other formats."""
    made: Counter[tuple[str, ...]] = Counter()
    counting: Counter[tuple[str, ...]] = Counter()
    for one in found.decisions:
        decision = f"{one.decision}, changed" if one.changed else one.decision
        key = (one.reviewer, one.label, decision, one.reason or "–")
        made[key] += one.made
        counting[key] += one.counting
    rows: list[Cells] = [["reviewer", "label", "decision", "reason", "made", "counting"]]
    rows += [[*key, made[key], counting[key]] for key in sorted(made)]
    return rows


def _documents(found: Stats) -> list[Cells]:
    """By annotator the documents of each status and, where they were counted, the sentences."""
    statuses = ("new", "in work", "done", "aside")
    counts = {(one.annotator, one.status): one.documents for one in found.documents}
    covered = {one.annotator: one for one in found.coverage or ()}
    head: Cells = ["annotator", *statuses]
    if found.coverage is not None:
        head += ["sentences marked", "nothing", "unseen"]
    rows = [head]
    for name in _names(name for name, _ in counts):
        row: Cells = [name, *(counts.get((name, status), 0) for status in statuses)]
        if found.coverage is not None:
            one = covered.get(name)
            row += [one.marked, one.nothing, one.unseen] if one else [0, 0, 0]
        rows.append(row)
    return rows


def _names(names: Iterable[str]) -> list[str]:
    return sorted(set(names))


def _clock(seconds: float) -> str:
    """Hours, minutes and seconds."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"
