"""Label schemes as TOML: what goes out comes back, and what is wrong is named by its line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import wcwidth

from annotui.domain.label_scheme import Label, LabelScheme, default_scheme
from annotui.domain.visible import visible
from annotui.errors import LabelError
from annotui.formats import label_toml
from annotui.formats.label_toml import GUTTER_SIGNS
from annotui.formats.toml_text import lines_of

GOOD = """# a comment
[[label]]
name = "question"
key = "z"
glyph = "?"
colour = "#336699"
guideline = '''
Two lines,
key = "no key"
'''

[[label]]
name = "opinion"
key = "Z"
glyph = "~"
colour = "#993366"
"""


def test_a_scheme_is_read_in_its_order() -> None:
    scheme = label_toml.loads(GOOD, "scheme.toml")
    assert [(one.name, one.key, one.glyph, one.colour) for one in scheme] == [
        ("question", "z", "?", "#336699"),
        ("opinion", "Z", "~", "#993366"),
    ]
    assert scheme.labels[0].guideline == 'Two lines,\nkey = "no key"\n'
    assert scheme.labels[1].example == ""


def test_the_default_scheme_comes_back_as_it_went() -> None:
    scheme = default_scheme()
    assert label_toml.loads(label_toml.dumps(scheme), "x") == scheme


shown = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
texts = shown.filter(lambda text: visible(text, tab="\t", newline="\n") == text)
names = shown.filter(lambda text: text.strip() == text != "" and visible(text) == text)
single = st.characters(exclude_categories=["Cs", "Cc", "Zs"])
visible_ones = single.filter(lambda one: wcwidth(one) == 1 and one.isprintable())
glyphs = visible_ones.filter(lambda one: one not in GUTTER_SIGNS)
keys = visible_ones.filter(lambda one: one not in "123456789")


@given(
    st.lists(names, min_size=1, max_size=4, unique_by=str.casefold),
    st.lists(keys, min_size=4, max_size=4, unique=True),
    st.lists(glyphs, min_size=4, max_size=4, unique=True),
    st.lists(texts, min_size=8, max_size=8),
)
def test_every_scheme_that_is_allowed_comes_back_as_it_went(
    names: list[str], keys: list[str], glyphs: list[str], texts: list[str]
) -> None:
    labels = [
        Label(name, keys[n], glyphs[n], f"#0000{n:02x}", texts[n], texts[n + 4])
        for n, name in enumerate(names)
    ]
    scheme = LabelScheme(tuple(labels))
    assert label_toml.loads(label_toml.dumps(scheme), "x") == scheme


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('name = "question"', 'nmae = "question"', "line 3: 'nmae' is not known. Did you mean"),
        ('name = "question"\n', "", "line 2: this label has no name."),
        ('name = "question"', "name = 3", "line 3: name is text"),
        ('name = "question"', 'name = " "', "line 3: the name is empty"),
        ('name = "question"', 'name = " x"', "line 3: the name ' x' has spaces"),
        ('name = "question"', 'name = "a\\u202eb"', "line 3: the name 'a\\u202eb' holds a control"),
        ('name = "question"', f'name = "{"x" * 61}"', "line 3: the name has 61 characters"),
        ('name = "opinion"', 'name = "Question"', "line 13: the name 'Question' is that of"),
        ('key = "Z"', 'key = "z"', "line 14: the key 'z' is that of the label 'question' already"),
        ('key = "Z"', 'key = "zz"', "line 14: the key is 'zz'; it is one character"),
        ('key = "Z"', 'key = " "', "line 14: the key is ' '; it is one character"),
        ('key = "Z"', 'key = "\\u0301"', "line 14: the key is"),
        ('key = "Z"', 'key = "1"', "line 14: the key '1' is the number of the label 'question'"),
        ('glyph = "~"', 'glyph = "?"', "line 15: the glyph '?' is that of the label 'question'"),
        ('glyph = "~"', 'glyph = "+"', "line 15: the glyph '+' is drawn in the margin"),
        ('glyph = "~"', 'glyph = "字"', "line 15: the glyph '字' is 2 cells wide"),
        ('glyph = "~"', 'glyph = "\\u200b"', "line 15: the glyph is"),
        ('glyph = "~"', 'glyph = "\\u0000"', "line 15: the glyph is"),
        ('colour = "#993366"', 'colour = "red"', "line 16: the colour is 'red'; write #"),
        ("Two lines", "Two \x1b lines", "line 8"),
        ('[[label]]\nname = "opinion"', '[label2]\nname = "opinion"', "line 12: 'label2' is not"),
        ('"opinion"', '"opinion', "line 13"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_its_line(old: str, new: str, words: str) -> None:
    assert old in GOOD
    with pytest.raises(LabelError) as caught:
        label_toml.loads(GOOD.replace(old, new), "scheme.toml")
    assert words in str(caught.value)
    assert str(caught.value).startswith("scheme.toml")
    assert str(caught.value).endswith("Nothing was done.")


@pytest.mark.parametrize("text", ["", "label = []", 'label = "x"', "label = [1]"])
def test_a_scheme_without_a_label_is_refused(text: str) -> None:
    with pytest.raises(LabelError, match=r"\[\[label\]\]"):
        label_toml.loads(text, "scheme.toml")


def test_a_guideline_with_an_escaped_control_is_refused() -> None:
    with pytest.raises(LabelError, match="line 2: the guideline holds a control"):
        label_toml.loads('[[label]]\nguideline = "a\\u0000b"\n', "scheme.toml")


def test_lines_are_found_behind_long_strings_quoted_names_and_comments() -> None:
    text = (
        'a = """\nb = 1\n[c]\n"""\n[ "d e" ] # x\n"f g" = 1\nh.i = 2\n[[j]]\nk = 1\n[[j]]\nk = 2\n'
    )
    assert lines_of(text) == {
        ("a",): 1, ("d e",): 5, ("d e", "f g"): 6, ("d e", "h", "i"): 7,
        ("j",): 8, ("j", 0): 8, ("j", 0, "k"): 9, ("j", 1): 10, ("j", 1, "k"): 11,
    }  # fmt: skip
