from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.reports.reading import MARKDOWN
from timeweave.reports.formatting import markdown, sanitize

TEXTS = st.text() | st.text(alphabet="|[]()<>*_`#-+=~!\\&;:./ 1a\n$@w", max_size=60)


def text_of(tokens):
    """The text of tokens that are nothing but text."""
    assert {child.type for child in tokens} <= {"text", "text_special"}, tokens
    return "".join(child.content for child in tokens)


@given(TEXTS)
def test_a_text_on_a_line_of_its_own_shows_as_it_is(value):
    tokens = MARKDOWN.parse(markdown.escape(value))
    if not sanitize.clean(value):
        assert tokens == []
        return
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    assert text_of(tokens[1].children) == sanitize.clean(value)


@given(TEXTS)
def test_a_text_in_a_table_stays_in_its_cell(value):
    tokens = MARKDOWN.parse(f"| a | b |\n| -- | -- |\n| {markdown.escape(value)} | end |\n")
    cells = [token for token in tokens if token.type == "inline"]
    assert len(cells) == 4
    assert text_of(cells[2].children) == sanitize.clean(value)


@given(TEXTS)
def test_a_text_after_others_in_a_list_stays_there(value):
    tokens = MARKDOWN.parse(f"- **x**: {markdown.escape(value)}.\n- y\n")
    assert [token.type for token in tokens].count("list_item_open") == 2
    assert {token.type for token in tokens} <= {
        "bullet_list_open", "list_item_open", "paragraph_open", "inline", "paragraph_close", "list_item_close",
        "bullet_list_close",
    }  # fmt: skip


@given(TEXTS, TEXTS)
def test_a_link_leads_to_its_own_address_or_is_none(text, path):
    tokens = MARKDOWN.parse(f"x {markdown.make_link(text, 'https://x.example/' + path)} y")
    links = [child for child in tokens[1].children if child.type == "link_open"]
    assert len(links) == bool(sanitize.clean(text) and sanitize.filter_url("https://x.example/" + path))
    assert all(str(link.attrs["href"]).startswith("https://x.example/") for link in links)


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:x", None, ""])
def test_a_link_that_must_not_be_followed_is_text(address):
    assert str(markdown.make_link("a", address)) == "a"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Fix login (again), 50 % done!", "Fix login (again), 50 % done!"),
        ("#12 [Scrum]", r"\#12 \[Scrum\]"),
        ("1. first", r"1\. first"),
        ("1.5 hours", "1.5 hours"),
        ("R&D", "R&D"),
        ("&copy;", r"\&copy;"),
        ("https://x.example www.x.example", r"https\://x.example www\.x.example"),
        ("- a", r"\- a"),
        (" - a ", r" \- a "),
    ],
)
def test_only_what_would_be_read_as_markdown_is_escaped(value, expected):
    assert markdown.escape(value) == expected


def test_html_stays_text():
    shown = MARKDOWN.render(markdown.escape("<script>alert(1)</script><b>"))
    assert unescape(shown) == "<p><script>alert(1)</script><b></p>\n"
    assert "<script>" not in shown


def test_prose_keeps_its_paragraphs_and_nothing_else():
    assert str(markdown.quote("One *word*.\n\n# Two")) == "> One \\*word\\*.\n>\n> \\# Two"


def test_tidy_text_has_single_blank_lines_and_one_end():
    assert markdown.tidy("\n\na  \n\n\n\nb\n\n") == b"a\n\nb\n"
