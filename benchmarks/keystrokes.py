"""How many keys it takes to mark a span; README.md says what is measured.

Run by hand: ``python benchmarks/keystrokes.py``.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import median

from annotui.domain.label_scheme import default_scheme
from annotui.tui.key_table import reader_keys
from keystrokes_ours import Annotui
from keystrokes_peers import Peer, Slate, TextBox
from keystrokes_texts import CLASSES, Article, Target, articles

TOP, MARK = "from the top", "from the mark before"
CLASS_NAMES = [*(f"{low}–{high}" for low, high in CLASSES), "fragments"]
LIMITS = {
    ("annotui", MARK): 7,
    ("annotui", TOP): 11,
    ("annotui, hints", MARK): 6,
    ("annotui, hints", TOP): 6,
}
"""Most keys in the median, for spans of 10 to 14 words."""


@dataclass(frozen=True, slots=True)
class Count:
    """The keys that one program needs for one target."""

    program: str
    start: str
    length_class: str
    keys: int
    typed: str
    quote: str


def main() -> int:
    """Print the tables; 1 when a limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--json", type=Path, metavar="PATH", help="write every sequence there")
    parser.add_argument("--articles", type=int, help="only the first so many")
    options = parser.parse_args()
    chosen = list(articles())[: options.articles]
    with ProcessPoolExecutor() as pool:
        counts = [count for found in pool.map(_counts, chosen) for count in found]
    print(_tables(counts))
    checks = list(_checks(counts))
    print("\n## Limits\n\n| what | at most | found | met |\n|---|---|---|---|")
    for what, limit, found in checks:
        print(f"| {what} | {limit} | {found:g} | {'yes' if found <= limit else 'NO'} |")
    if options.json:
        lines = json.dumps([asdict(count) for count in counts], indent=1, ensure_ascii=False)
        options.json.write_text(lines + "\n", encoding="utf-8")
    return 0 if all(found <= limit for _, limit, found in checks) else 1


def _counts(article: Article) -> list[Count]:
    return [*_ours_in(article), *_peers_in(article)]


def _ours_in(article: Article) -> Iterator[Count]:
    for name, hints, rows in (
        ("annotui", False, True),
        ("annotui, units only", False, False),
        ("annotui, hints", True, True),
    ):
        ours = Annotui(article.text, hints=hints, rows=rows)
        for index, target in enumerate(article.targets):
            yield _ours(ours, name, article, index, target, start=0)
            if index:
                before = article.targets[index - 1].runs[-1].end
                yield _ours(ours, name, article, index, target, start=before)


def _peers_in(article: Article) -> Iterator[Count]:
    peers: list[Peer] = [TextBox(article.text)]
    if importlib.util.find_spec("slate"):
        peers += [Slate(article.text, counts=False), Slate(article.text, counts=True)]
    for peer in peers:
        yield from _peer(peer, article)


def _ours(
    ours: Annotui, name: str, article: Article, index: int, target: Target, start: int
) -> Count:
    made = article.targets[:index] if start else ()
    typed = ours.typed(start, sorted(one.runs[-1].end for one in made), target.runs, target.key)
    quote = " … ".join(run.slice(article.text) for run in target.runs)
    keys = sum(len(key.split(" ")) for key in typed)
    place = MARK if start else TOP
    return Count(name, place, target.length_class, keys, " ".join(typed), quote)


def _peer(peer: Peer, article: Article) -> Iterator[Count]:
    """Peers have no fragments; those targets are left out."""
    for index, target in enumerate(article.targets):
        if len(target.runs) > 1:
            continue
        quote = target.runs[0].slice(article.text)
        count = Count(peer.name, TOP, target.length_class, 0, "", quote)
        yield replace(count, keys=peer.keys(None, target.runs[0]))
        if index:
            before = article.targets[index - 1].runs[-1]
            yield replace(count, start=MARK, keys=peer.keys(before, target.runs[0]))


def _tables(counts: list[Count]) -> str:
    grouped: defaultdict[tuple[str, str, str], list[int]] = defaultdict(list)
    for count in counts:
        grouped[count.start, count.program, count.length_class].append(count.keys)
    programs = list(dict.fromkeys(count.program for count in counts))
    parts = []
    for start in (MARK, TOP):
        sizes = [len(grouped[start, "annotui", name]) for name in CLASS_NAMES]
        heads = [f"{name} ({size})" for name, size in zip(CLASS_NAMES, sizes, strict=True)]
        lines = [f"## Keys {start}: median (p90)", "", f"| | {' | '.join(heads)} |"]
        lines.append("|---" * (len(heads) + 1) + "|")
        for program in programs:
            cells = (_cell(grouped[start, program, name]) for name in CLASS_NAMES)
            lines.append(f"| {program} | {' | '.join(cells)} |")
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def _cell(keys: list[int]) -> str:
    if not keys:
        return "–"
    high = sorted(keys)[min(len(keys) - 1, round(0.9 * (len(keys) - 1)))]
    return f"{median(keys):g} ({high})"


def _checks(counts: list[Count]) -> Iterator[tuple[str, int, float]]:
    for (program, start), limit in LIMITS.items():
        keys = [
            count.keys
            for count in counts
            if (count.program, count.start, count.length_class) == (program, start, "10–14")
        ]
        if keys:
            yield f"10–14 words, {program}, {start}", limit, median(keys)
    actions = reader_keys(default_scheme()).actions
    keys_of = {one.action_id: one.keys[0] for one in actions if one.keys}
    to_a_mark = len(keys_of["next_mark"])
    yield "relabel the next mark", 3, to_a_mark + len(keys_of["annotate:claim"])
    yield "the end of the next mark by a clause", 2, to_a_mark + len(keys_of["end_later"])


if __name__ == "__main__":
    sys.exit(main())
