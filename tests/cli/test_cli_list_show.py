"""list and show: what there is, and the marked article."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

from cli_program import COLOURS, SEED, SEED_ID, Annotui, in_terminal, rows

from annotui.storage.database import open_store

LABELS = ["claim", "denial", "statistic", "attribution"]


def test_list_json_has_every_label_of_the_scheme(seeded: Annotui) -> None:
    seeded("annotate", SEED_ID[:6], "statistic", "--quote", "40 people")
    (entry,) = json.loads(seeded("list", "--format", "json").out)
    assert entry == {
        "id": SEED_ID,
        "title": "The Chechen president claimed that European leaders and media outlets are using",
        "source": str(SEED),
        "added_at": rows(Path("annotations.db"), "SELECT added_at FROM document")[0][0],
        "annotations": {"claim": 0, "denial": 0, "statistic": 1, "attribution": 0},
        "status": {"ann": "in work"},
    }


def test_list_csv_and_table_say_the_same(seeded: Annotui) -> None:
    out = seeded("list", "--format", "csv").out
    assert out.endswith(b"\r\n")
    header, row = csv.reader(io.StringIO(out.decode("utf-8"), newline=""))
    assert header == ["id", "title", "source", "added_at", *LABELS]
    table = seeded("list").lines
    assert table[0].split() == ["id", "title", *LABELS, "status", "added", "source"]
    assert table[1].startswith(SEED_ID[:12])
    assert row[1] in table[1]
    assert row[2] in table[1]


def test_an_empty_database_says_so_on_stderr(annotui: Annotui) -> None:
    open_store(Path("annotations.db"), create=True).close()
    for form, expected in (("table", b""), ("json", b"[]\n")):
        ran = annotui("list", "--format", form)
        assert (ran.code, ran.out) == (0, expected)
        assert "has no documents yet" in ran.err


def test_show_gives_the_exact_article_back_when_its_marks_are_taken_out(annotui: Annotui) -> None:
    text = "A ⟦odd⟧ |c1⟧ text.\n\tTab, \x1b[2J and\u2028 more. 12 👩‍👩‍👧 🇫🇷 e\u0301 עברית\n\n"
    Path("odd.txt").write_text(text, newline="")
    added = annotui("add", "odd.txt").text.split("\t")[0]
    for start, end in ((0, 8), (2, 13), (2, 7), (8, 9), (20, len(text)), (0, len(text))):
        annotui("annotate", added[:8], "claim", "--start", str(start), "--end", str(end))
    out = annotui("show", added[:8]).text
    article = out.partition("\n⟦marks⟧\n")[0]
    stripped = re.sub(
        r"⟦⟦|⟧⟧|⟦[A-Za-z]?[0-9]+[|]|[|][A-Za-z]?[0-9]+⟧(?=(?:⟧⟧)*(?!⟧))",
        lambda match: match[0][0] if match[0] in ("⟦⟦", "⟧⟧") else "",
        article,
    )
    assert stripped == text


def test_show_without_marks_is_the_article(seeded: Annotui) -> None:
    article = SEED.read_bytes().decode("utf-8")
    assert seeded("show", str(SEED)).text == f"{article}\n⟦marks⟧\n"


def test_show_lists_the_marks_with_notes_on_one_line(seeded: Annotui) -> None:
    seeded(
        "annotate", SEED_ID[:6], "claim", "--quote", "40 people", "--note", "two\nlines \x1b[31m"
    )
    last = seeded("show", SEED_ID[:6]).lines[-1].split("  ")
    assert last[0] == "c1"
    assert last[-1] == "two␊lines ␛[31m"


def test_colours_show_on_a_terminal_only_and_not_with_no_color(
    seeded: Annotui, tmp_path: Path
) -> None:
    seeded("annotate", SEED_ID[:6], "claim", "--quote", "40 people")
    assert b"\x1b" not in seeded("show", SEED_ID[:6]).out
    code, sent = in_terminal("show", SEED_ID[:6], cwd=tmp_path, columns=60)
    assert code == 0
    assert b"48;2;" in sent
    plain = COLOURS.sub(b"", sent).decode("utf-8")
    assert "⟦c1|40 people|c1⟧" in " ".join(plain.split())
    article = plain.partition("\r\nmark  label")[0]
    assert max(map(len, article.split("\r\n"))) <= 60
    _, without = in_terminal("show", SEED_ID[:6], cwd=tmp_path, env={"NO_COLOR": "1"})
    assert b"48;" not in without
    assert b"38;" not in without


def test_a_document_is_found_by_id_title_and_path(seeded: Annotui, tmp_path: Path) -> None:
    Path("one.txt").write_text("One.\nMore.")
    seeded("add", "one.txt")
    whole = seeded("show", "one.txt").out
    identifier = rows(Path("annotations.db"), "SELECT id FROM document WHERE title = 'One.'")[0][0]
    for reference in (str(identifier)[:6], str(identifier), "One.", str(tmp_path / "one.txt")):
        assert seeded("show", reference).out == whole
    ran = seeded("show", "the chechen president claimed that european leaders")
    assert ran.code == 1
    assert "Near: 'The Chechen president" in ran.err
