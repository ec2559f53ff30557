"""The summary of a review session as Markdown and as rows."""

from __future__ import annotations

from annotui.domain.review_summary import FIGURES, ReviewSummary
from annotui.domain.visible import visible

HEADER = ("by", "name", *FIGURES)


def rows(summary: ReviewSummary) -> list[tuple[str | int, ...]]:
    """A row of :data:`HEADER` for all marks, each label, annotator and reason."""
    return [(row.by, row.name, *row.figures) for row in summary.rows]


def as_markdown(summary: ReviewSummary) -> str:
    """The summary as a page."""
    total = summary.total
    day = summary.started_at[:16].replace("T", " ")
    lines = [
        f"# Review by {_cell(summary.reviewer)}",
        "",
        f"Begun {day} UTC. {total.decided:,} decided, {summary.left:,} left.",
        "",
        f"| {' | '.join(HEADER)} |",
        f"|---|---|{'---:|' * len(FIGURES)}",
    ]
    for by, name, *figures in rows(summary):
        lines.append(f"| {by} | {_cell(str(name))} | {' | '.join(map(str, figures))} |")
    return "\n".join((*lines, ""))


def as_csv(summary: ReviewSummary) -> str:
    """The summary as CSV by RFC 4180."""
    import csv
    import io

    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADER)
    writer.writerows(rows(summary))
    return out.getvalue()


def _cell(text: str) -> str:
    return visible(text, newline=" ").replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")
