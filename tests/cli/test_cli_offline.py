"""No command and no library behind one asks for the network, whatever an article names."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from cli_program import SEED, SOURCE, environment, in_terminal, rows

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "formats"))

from article_bytes import docx, pdf

GUARD = Path(__file__).with_name("offline")
OUTSIDE = "http://127.0.0.1:9/x"
CAUGHT = 97

PAGE = f"""<?xml version="1.0"?>
<!DOCTYPE html SYSTEM "{OUTSIDE}.dtd" [<!ENTITY far SYSTEM "{OUTSIDE}.txt">]>
<html><head><title>A page</title><base href="{OUTSIDE}"><link rel="stylesheet" href="{OUTSIDE}.css">
<link rel="canonical" href="{OUTSIDE}"><meta http-equiv="refresh" content="0;url={OUTSIDE}">
<script src="{OUTSIDE}.js"></script></head><body><iframe src="{OUTSIDE}"></iframe>
<article><img src="{OUTSIDE}.png">{"<p>Forty people left the town in May, it says.</p>" * 12}
&far; <object data="{OUTSIDE}.swf"></object></article></body></html>"""

MARKDOWN = (
    f"# A page\n\n![far]({OUTSIDE}.png) says <img src={OUTSIDE}> that [it]({OUTSIDE}) is so.\n"
)

WORD_LINKS = f"""<?xml version="1.0"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" TargetMode="External" Target="{OUTSIDE}.png"
 Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"/>
<Relationship Id="rId2" TargetMode="External" Target="{OUTSIDE}.dotm"
 Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"/>
</Relationships>"""

PICTURE = (
    '</w:t></w:r><w:r><w:drawing xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
    '<wp:inline><a:graphic><a:graphicData><a:blip r:link="rId1"/></a:graphicData></a:graphic>'
    "</wp:inline></w:drawing></w:r><w:r><w:t>"
)

COMMANDS = """
add article.txt page.html page.md page.pdf page.docx
list
list --search forty
decisions
review --list
info page.html
show page.html
annotate page.html claim --quote Forty --occurrence 1
annotate page.html denial --quote people --occurrence 1 --annotator bob
annotate article.txt denial --start 0 --end 20
undo
redo
decide {mark} accept --annotator cy
status page.html done
status
coverage
log
labels
labels --export labels.toml
labels --import labels.toml
keys
formats
collection create May
collection add May page.html
collection
compare page.html
agreement
stats
export -o marks.csv
export --excel -o excel.csv
export --format xlsx -o marks.xlsx
export --format jsonl -o marks.jsonl
export --format jsonl-documents -o documents.jsonl
export --format html -o report.html
export --format markdown -o report.md
export --format brat -o brat
export --format label-studio -o studio
import marks.csv
import brat
merge other.db
annotators
verify
verify --reindex
backup backup.db
recover backup.db recovered.db
completion bash
--help
""".strip().splitlines()

RUNNER = """
import json, sqlite3, sys
from annotui.cli.main import main

for command in json.load(sys.stdin):
    if "{mark}" in command:
        found = sqlite3.connect("annotations.db").execute("SELECT min(id) FROM annotation")
        command = command.replace("{mark}", found.fetchone()[0])
    code = main(command.split())
    if code not in (0, 3):
        sys.exit(f"{command}: exit code {code}")
"""


def guarded() -> dict[str, str]:
    return environment(PYTHONPATH=f"{GUARD}:{SOURCE}")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "article.txt").write_bytes(SEED.read_bytes())
    (tmp_path / "page.html").write_text(PAGE)
    (tmp_path / "page.md").write_text(MARKDOWN)
    (tmp_path / "page.pdf").write_bytes(pdf(f"See {OUTSIDE} for more of it."))
    more = {
        "word/_rels/document.xml.rels": WORD_LINKS.encode(),
        "word/_rels/settings.xml.rels": WORD_LINKS.encode(),
    }
    (tmp_path / "page.docx").write_bytes(docx(f"Forty words.{PICTURE} And more.", more=more))
    return tmp_path


def run_guarded(folder: Path, code: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        input=stdin,
        env=guarded(),
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )


def test_no_command_asks_for_the_network(folder: Path) -> None:
    other = [f"--db other.db {one}" for one in ("add article.txt", "annotate article.txt claim")]
    other[1] += " --start 0 --end 20"
    done = run_guarded(folder, RUNNER, json.dumps([*other, *COMMANDS]))
    assert done.returncode == 0, done.stderr[-2000:]
    found = rows(folder / "annotations.db", "SELECT count(*) FROM document")
    assert found == [(5,)]
    assert "Forty people" in str(rows(folder / "annotations.db", "SELECT text FROM document"))
    assert (folder / "report.html").exists()


def test_no_command_of_the_program_is_left_out() -> None:
    from annotui.cli.main import cli

    needs_a_person = {"read", "remove", "tutorial", "adjudicate", "resolve"}
    tried = {command.split()[0] for command in COMMANDS}
    assert set(cli.commands) - tried <= needs_a_person


def test_the_reader_does_not_ask_for_the_network(folder: Path) -> None:
    code, sent = in_terminal(
        *("read", "page.html", "article.txt"),
        cwd=folder,
        typed=b"vwwcfaaU?q\x0fqqqq",
        typed_after=b"Forty",
        env={"PYTHONPATH": f"{GUARD}:{SOURCE}"},
    )
    assert b"asked for the network" not in sent
    assert code == 0
    assert rows(folder / "annotations.db", "SELECT label FROM annotations") == [("claim",)]


@pytest.mark.parametrize(
    ("code", "how"),
    [
        ("import socket; socket.create_connection(('127.0.0.1', 9))", CAUGHT),
        ("import urllib.request as r; r.urlopen('http://127.0.0.1:9')", CAUGHT),
        ("import socket; socket.getaddrinfo('example.org', 80)", CAUGHT),
        ("import socket; socket.socketpair()", 0),
        ("import ctypes; ctypes.CDLL(None).socket(1, 1, 0)", 0),
        pytest.param(
            "import ctypes; ctypes.CDLL(None).socket(2, 1, 0)",
            -signal.SIGSYS if hasattr(signal, "SIGSYS") else None,
            marks=pytest.mark.skipif(sys.platform != "linux", reason="a filter of Linux'"),
        ),
    ],
)
def test_the_guard_catches_what_asks(tmp_path: Path, code: str, how: int) -> None:
    assert run_guarded(tmp_path, code).returncode == how


def test_trafilatura_is_given_the_page_and_never_an_address() -> None:
    """Its functions that fetch are not even imported."""
    source = (SOURCE / "annotui" / "formats" / "web_page.py").read_text("utf-8")
    assert "bare_extraction(page" in source
    names = ("fetch_url", "fetch_response", "downloads", "crawler", "feeds", "sitemaps", "urlopen")
    everything = "".join(path.read_text("utf-8") for path in (SOURCE / "annotui").rglob("*.py"))
    for name in names:
        assert name not in everything
