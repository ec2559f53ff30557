"""Build ``annotations.db``: the seed article with the worked example of ``seeds/example.toml``.

Usage: ``python scripts/build_example.py [TARGET]``. The target must not exist.
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

from annotui.domain.selector import by_quote
from annotui.domain.span import Span
from annotui.services import article_reading, library, upkeep
from annotui.services.session import Session
from annotui.services.workspace import Workspace

ROOT = Path(__file__).resolve().parents[1]
SEEDS = ROOT / "seeds"


def runs_of(text: str, entry: dict[str, object]) -> list[Span]:
    """The runs that one entry of the example means."""
    if "quote" in entry:
        occurrence = entry.get("occurrence")
        return [by_quote(text, str(entry["quote"]), int(str(occurrence)) if occurrence else None)]
    runs: list[Span] = []
    fragments = entry["fragments"]
    assert isinstance(fragments, list)
    for fragment in fragments:
        start = text.index(fragment, runs[-1].end if runs else 0)
        runs.append(Span(start, start + len(fragment)))
    return runs


def build(target: Path) -> int:
    """Write the example to ``target``; the answer is how many annotations it has."""
    example = tomllib.loads((SEEDS / "example.toml").read_text("utf-8"))
    workspace = Workspace(target, example["annotator"])
    article = SEEDS / example["document"]
    plain = article_reading.read_file(article)
    added = library.add_text(workspace, plain, source=f"seeds/{article.name}")
    session = Session(workspace, library.document(workspace, added.document_id))
    for entry in example["annotation"]:
        runs = runs_of(session.document.text, entry)
        session.annotate(runs, entry["label"], entry.get("note", ""))
    problems = upkeep.verify(workspace).problems
    workspace.close()
    if problems:
        raise SystemExit(f"The example is not sound: {problems[0]}")
    return len(example["annotation"])


if __name__ == "__main__":
    where = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "annotations.db"
    if where.exists():
        raise SystemExit(f"{where} exists already; nothing was changed.")
    print(f"{build(where)} annotations in {where}")
