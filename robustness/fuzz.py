"""Feed spoiled files to every importer and every article reader.

A right result or a clear error, never a traceback, a hang, much memory or another file written.
``python robustness/fuzz.py TARGET --seconds N`` lets a coverage-guided fuzzer (``pip install
atheris``) look for more on one target; what it finds worth keeping stays in ``robustness/corpus``.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import io
import os
import random
import resource
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from proof import ROOT, Finding, Wanted

CORPUS = ROOT / "robustness" / "corpus"
EXECUTIONS = 20_000
GUIDED_S = 3600
LONGEST_S = 10
MOST_MB = 500
CUT = b"\n%%%%\n"
"""Parts a folder of two files in one input of the fuzzer."""

TEXT = "Minister denies plan.\n\n“Never,” said 👩‍👩‍👧 e\u0301 she; prices rose 4.5 per cent.\n"


class TooSlowError(Exception):
    """A reader that took longer than it may."""


def targets() -> dict[str, Callable[[bytes, Path], None]]:
    """What is fuzzed: every format that can be read, every kind of article, a whole import."""
    from annotui.formats import registry
    from annotui.formats.article_file import KINDS, read_article

    def of_format(form: registry.Format) -> Callable[[bytes, Path], None]:
        def read(data: bytes, folder: Path) -> None:
            with contextlib.suppress(UnicodeDecodeError):  # the import has words for it
                for _ in registry.reader(form).read(put(data, folder, form)):
                    pass

        return read

    def of_kind(kind: str) -> Callable[[bytes, Path], None]:
        return lambda data, _: void(read_article(data, f"a.{kind}", kind=kind))

    return (
        {form.name: of_format(form) for form in registry.readable()}
        | {kind: of_kind(kind) for kind in KINDS}
        | {"import": whole_import}
    )


def void(_: object) -> None:
    """Nothing."""


def put(data: bytes, folder: Path, form: object) -> Path:
    """The input as the file, or the two files, that a format is read from."""
    suffix = getattr(form, "suffix", ".csv")
    path = folder / f"input{suffix}"
    first, cut, second = data.partition(CUT)
    path.write_bytes(first)
    if getattr(form, "name", "") == "brat":
        path.with_suffix(".txt").write_bytes(second if cut else TEXT.encode())
    return path


def whole_import(data: bytes, folder: Path) -> None:
    """Through the import itself, into a database that has to be sound afterwards."""
    from annotui.services import upkeep
    from annotui.services.importing import How, Import
    from annotui.services.workspace import Workspace
    from stored_files import session_on

    path = folder / "input.jsonl"
    path.write_bytes(data)
    workspace = Workspace(folder / "fuzz.db", "ann")
    try:
        session_on(workspace, TEXT)
        for _ in Import(workspace, How(add_labels=True)).run([path], lambda _a, _b: None):
            pass
        found = upkeep.verify(workspace).problems
        if found:
            raise AssertionError(f"the file is not sound: {found[0]}")
    finally:
        workspace.close()
        (folder / "fuzz.db").unlink(missing_ok=True)


def samples(name: str) -> list[bytes]:
    """Sound inputs to begin with: what is exported, small articles, and what was kept."""
    from article_bytes import docx, pdf
    from marked_documents import bundle_of

    from annotui.domain.label_scheme import default_scheme
    from annotui.domain.offset_unit import OffsetUnit
    from annotui.formats import registry
    from annotui.formats.exchange import Record, WriteOptions

    kept = [path.read_bytes() for path in sorted((CORPUS / name).glob("*"))]
    kept += guided_before(name)
    page = f"<html><head><title>T</title></head><body><p>{TEXT}</p><table></table></body></html>"
    articles = {
        "text": [TEXT.encode(), TEXT.encode("utf-16"), "caf\xe9\r\n".encode("latin-1")],
        "markdown": [f"# A title\n\n{TEXT}\n* one\n* two\n\n```\ncode\n```\n".encode()],
        "html": [page.encode(), page.encode("utf-16")],
        "pdf": [pdf("A line.", "Another."), pdf()],
        "docx": [docx("One.", "Two."), docx("x", before="<!DOCTYPE a [<!ENTITY b 'c'>]>")],
    }
    if name in articles:
        return articles[name] + kept
    records = [
        Record(((0, 8),), "claim", note="a note", annotator="amy", annotation_id="1"),
        Record(((9, 15), (23, 29)), "denial", annotator="bob"),
    ]
    bundle = bundle_of(TEXT, records)
    options = WriteOptions(tuple(default_scheme()), OffsetUnit.CODEPOINT, False)
    made: list[bytes] = []
    for form in registry.readable():
        if form.writes and not form.is_folder and name in (form.name, "import"):
            out = io.BytesIO()
            registry.file_writer(form).write([bundle], out, options)
            made.append(out.getvalue())
    if name == "brat":
        annotations = (
            "T1\tclaim 0 8\tMinister\nT2\tdenial 9 15;23 29\tdenies Never\n#1\tNote T1\tx\n"
        )
        made.append(annotations.encode() + CUT + TEXT.encode())
    return (made or [b"label,start,end\nclaim,0,8\n"]) + kept


PIECES = (
    *(b"\0", b"\xff", b"\xef\xbb\xbf", b"\r\n", b"\n\n\n", b'"', b"'", b",", b";", b"\t"),
    *(b"{", b"}", b"[", b"]", b"-1", b"99999999999999999999", b"1e400", b"NaN", b"null"),
    *(b"\\ud800", b"<!--", "\u2028".encode(), "👩\u200d👩\u200d👧".encode(), b"<script>", b"&#0;"),
    *(b"[[[[[[", b"T1", b"../../x", b"\x1b["),
)


def spoiled(data: bytes, chance: random.Random) -> bytes:
    """The input with a few things changed, put in, taken out, doubled or cut off."""
    out = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 4, 12))):
        at = chance.randrange(len(out) + 1)
        what = chance.randrange(7)
        if what == 0 and out:
            out[at % len(out)] ^= 1 << chance.randrange(8)
        elif what == 1:
            out[at:at] = chance.choice(PIECES)
        elif what == 2:
            del out[at : at + chance.randrange(1, 20)]
        elif what == 3:
            end = at + chance.randrange(1, 60)
            out[at:at] = out[at:end] * chance.choice((1, 2, 50))
        elif what == 4:
            out[at : at + chance.randrange(4)] = chance.choice(PIECES)
        elif what == 5:
            out[at : at + 4] = chance.randbytes(4)
        elif chance.random() < 0.3:
            del out[at:]
    return bytes(out)


def one(read: Callable[[bytes, Path], None], data: bytes, folder: Path) -> str:
    """Read one input; what is wrong with how that went, empty where nothing is."""
    from annotui.errors import AnnotuiError

    def stop(_number: int, _frame: object) -> None:
        raise TooSlowError

    signal.signal(signal.SIGALRM, stop)
    signal.alarm(LONGEST_S)
    try:
        read(data, folder)
    except AnnotuiError as error:
        return "" if str(error).strip() else "an error without words"
    except TooSlowError:
        return f"took more than {LONGEST_S} s"
    except Exception as error:  # noqa: BLE001 (whatever it is, it is a finding)
        return f"{type(error).__name__}: {str(error)[:120]}"
    finally:
        signal.alarm(0)
    return ""


def prove(wanted: Wanted) -> list[Finding]:
    """Spoiled samples for every target, and the coverage-guided fuzzer where it is installed."""
    chance = wanted.chance("fuzz")
    folder = wanted.folder / "inputs"
    folder.mkdir()
    faults: list[str] = []
    each = wanted.count(EXECUTIONS, 200) // len(targets())
    done = 0
    with contextlib.chdir(wanted.folder):
        for name, read in targets().items():
            known = samples(name)
            for _ in range(each // (20 if name == "import" else 1)):
                data = spoiled(chance.choice(known), chance)
                done += 1
                if fault := one(read, data, folder):
                    faults.append(f"{name}: {fault}")
                    keep(name, data)
        strangers = {path.name for path in wanted.folder.iterdir()} - {"inputs"}
    strangers |= {path.name for path in folder.iterdir() if not path.name.startswith("input")}
    most_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    kinds = dict.fromkeys(faults)
    findings = [
        Finding(
            f"{done:,} spoiled files for {len(targets())} importers and article readers",
            f"a clear error or a right result, under {LONGEST_S} s and {MOST_MB} MB, no other file",
            f"{len(faults)} faults, {most_mb:.0f} MB at most"
            + "".join(f"; {one}" for one in [*kinds, *strangers][:4]),
            not faults and not strangers and most_mb < MOST_MB,
        )
    ]
    return findings + list(guided(wanted))


def guided(wanted: Wanted) -> Iterator[Finding]:
    """The coverage-guided fuzzer, an even part of the time for each target."""
    try:
        import atheris  # noqa: F401
    except ImportError:
        return
    names = list(targets())
    seconds = max(3, round(GUIDED_S * wanted.share / len(names)))
    faults: list[str] = []
    runs = 0
    for name in names:
        line = [sys.executable, __file__, name, "--seconds", str(seconds)]
        line += ["--seed", str(wanted.seed), "--folder", str(wanted.folder)]
        done = subprocess.run(line, capture_output=True, text=True, errors="replace", check=False)
        told = [one for one in done.stderr.splitlines() if one.startswith("FAULT ")]
        faults += [f"{name}: {one[6:]}" for one in dict.fromkeys(told)]
        ends = [one for one in done.stderr.splitlines() if "stat::number_of_executed_units" in one]
        runs += int(ends[-1].split()[-1]) if ends else 0
        pack(name, wanted.folder / f"guided-{name}" / "seeds")
        if done.returncode and not told:
            faults.append(f"{name}: code {done.returncode}: {done.stderr[-200:]!r}")
    yield Finding(
        f"a coverage-guided fuzzer (atheris) for {seconds * len(names) / 60:.0f} minutes on them, "
        f"{runs:,} files",
        "the same",
        f"{len(faults)} faults" + "".join(f"; {one}" for one in faults[:4]),
        not faults,
    )


def guided_before(name: str) -> list[bytes]:
    """What a guided run found worth keeping, since each takes another way through the program."""
    path = CORPUS / f"{name}.zip"
    if not path.exists():
        return []
    with zipfile.ZipFile(path) as packed:
        return [packed.read(one) for one in packed.namelist()]


def pack(name: str, folder: Path) -> None:
    """Keep the inputs in ``folder`` for the next guided run."""
    known = {one.read_bytes() for one in folder.iterdir()}
    CORPUS.mkdir(exist_ok=True)
    with zipfile.ZipFile(CORPUS / f"{name}.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        for data in sorted(known, key=lambda one: (len(one), one)):
            packed.writestr(zipfile.ZipInfo(hashlib.sha256(data).hexdigest()[:16]), data)


def keep(name: str, data: bytes) -> None:
    """Keep an input that found something, so that it is tried for ever."""
    (CORPUS / name).mkdir(parents=True, exist_ok=True)
    (CORPUS / name / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)


def main() -> None:
    """Fuzz one target, guided by coverage."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, default=Path("/tmp"))
    given = parser.parse_args()
    import atheris

    with atheris.instrument_imports(include=["annotui"]):
        read = targets()[given.target]
        read_once = samples(given.target)
    work = given.folder / f"guided-{given.target}"
    seeds = work / "seeds"
    seeds.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(read_once):
        (seeds / str(number)).write_bytes(data)

    def test(data: bytes) -> None:
        if fault := one(read, data, work):
            print(f"FAULT {fault}", file=sys.stderr, flush=True)
            keep(given.target, data)

    options = [f"-max_total_time={given.seconds}", f"-seed={given.seed}", "-print_final_stats=1"]
    options += [f"-rss_limit_mb={MOST_MB}", "-max_len=6000", "-verbosity=1"]
    os.chdir(work)
    atheris.Setup([sys.argv[0], *options, str(seeds)], test)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
