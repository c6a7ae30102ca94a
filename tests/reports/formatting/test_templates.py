import re
from dataclasses import dataclass
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from tests.reports.reading import MARKDOWN
from timeweave.reports.formatting import sanitize, templates
from timeweave.reports.formatting.templates import Templates
from timeweave.runtime.errors import ConfigurationError


@dataclass(frozen=True)
class Item:
    title: str


@pytest.fixture
def render(tmp_path):
    def render(source, **content):
        (tmp_path / "a.j2").write_text(source, encoding="utf-8")
        return Templates(tmp_path, lambda text: text.replace("*", "\\*"), bold=_bold).render("a.j2", **content)

    return render


def _bold(text):
    return Markup(f"**{text}**")  # noqa: S704


@pytest.mark.parametrize(
    "source",
    [
        "{{ x }}",
        "{{ x | upper }}",
        "{% set y %}{{ x }}{% endset %}{{ y }}",
        "{% macro m(t) %}{{ t }}{% endmacro %}{{ m(x) }}",
        "{{ [x] | join(', ') }}",
        "{{ [item] | join(', ', attribute='title') }}",
        "{{ x ~ '' }}",
        "{{ bold('') ~ x }}",
        "{{ x if true else '' }}",
        "{{ '%s' | format(x) }}",
        "{{ x[:1] }}",
        "{% for t in [x] %}{{ t }}{% endfor %}",
    ],
)
def test_a_template_cannot_forget_to_escape(render, source):
    assert r"\*" in render(source, x="*", item=Item("*"))


def test_what_was_escaped_is_not_escaped_again(render):
    assert render("{% macro m(t) %}{{ t }}{% endmacro %}{{ m(m(x)) }}*{{ bold(x) }}", x="*") == r"\*" + "*" + "*****"


@pytest.mark.parametrize(
    ("source", "line", "said"),
    [
        pytest.param("a\nb\n{{ missing }}", 3, "'missing' is undefined", id="an unknown name"),
        pytest.param("a\n{{ item.titel }}", 2, "has no attribute 'titel'", id="an unknown field"),
        pytest.param("{% if missing %}{% endif %}", 1, "'missing' is undefined", id="an unknown name in a condition"),
        pytest.param("a\n{{ nothing }}", 2, "missing here", id="nothing printed"),
        pytest.param("a\n\n{% fro x in y %}", 3, "unknown tag 'fro'", id="a misspelled tag"),
        pytest.param("a\n{{ x | upcase }}", 2, "No filter named 'upcase'", id="an unknown filter"),
        pytest.param("a\n{{ 1 / 0 }}", 2, "division by zero", id="arithmetic"),
        pytest.param("a\n{{ x | round }}", 2, "str", id="a filter for another type"),
        pytest.param("{% for x in y %}\n", 1, "Unexpected end of template", id="an unclosed loop"),
    ],
)
def test_a_fault_names_the_template_and_the_line(render, tmp_path, source, line, said):
    with pytest.raises(ConfigurationError, match=re.escape(said)) as caught:
        render(source, x="text", item=Item("a"), nothing=None)
    assert str(caught.value).startswith(f"{tmp_path / 'a.j2'}, line {line}: ")


def test_a_fault_in_an_imported_template_names_that_one(render, tmp_path):
    (tmp_path / "parts.j2").write_text("{% macro m(t) %}\n{{ t.titel }}\n{% endmacro %}")
    with pytest.raises(ConfigurationError, match=r"parts\.j2, line 2: "):
        render('{% import "parts.j2" as parts %}{{ parts.m(item) }}', item=Item("a"))


def test_a_missing_template_is_named(render):
    with pytest.raises(ConfigurationError, match=r"has no template parts\.j2"):
        render('{% import "parts.j2" as parts %}')


def test_a_template_that_is_not_utf_8_is_named(tmp_path):
    (tmp_path / "a.j2").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigurationError, match=r"a\.j2 or a template it uses is not UTF-8"):
        Templates(tmp_path, str).render("a.j2")


def test_a_fault_of_the_code_stays_a_bug(render):
    def broken():
        raise ValueError("a bug")

    with pytest.raises(ValueError, match="a bug"):
        render("{{ f() }}", f=broken)


TEXTS = st.text() | st.text(alphabet="|[]()<>*_`#-+=~!\\&;:./ 1a\n$@w", max_size=60)


def text_of(tokens):
    """The text of tokens that are nothing but text."""
    assert {child.type for child in tokens} <= {"text", "text_special"}, tokens
    return "".join(child.content for child in tokens)


@given(TEXTS)
def test_a_text_on_a_line_of_its_own_shows_as_it_is(value):
    tokens = MARKDOWN.parse(templates.escape(value))
    if not sanitize.clean(value):
        assert tokens == []
        return
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    assert text_of(tokens[1].children) == sanitize.clean(value)


@given(TEXTS)
def test_a_text_in_a_table_stays_in_its_cell(value):
    tokens = MARKDOWN.parse(f"| a | b |\n| -- | -- |\n| {templates.escape(value)} | end |\n")
    cells = [token for token in tokens if token.type == "inline"]
    assert len(cells) == 4
    assert text_of(cells[2].children) == sanitize.clean(value)


@given(TEXTS)
def test_a_text_after_others_in_a_list_stays_there(value):
    tokens = MARKDOWN.parse(f"- **x**: {templates.escape(value)}.\n- y\n")
    assert [token.type for token in tokens].count("list_item_open") == 2
    assert {token.type for token in tokens} <= {
        "bullet_list_open", "list_item_open", "paragraph_open", "inline", "paragraph_close", "list_item_close",
        "bullet_list_close",
    }  # fmt: skip


@given(TEXTS, TEXTS)
def test_a_link_leads_to_its_own_address_or_is_none(text, path):
    tokens = MARKDOWN.parse(f"x {templates.make_link(text, 'https://x.example/' + path)} y")
    links = [child for child in tokens[1].children if child.type == "link_open"]
    assert len(links) == bool(sanitize.clean(text) and sanitize.filter_url("https://x.example/" + path))
    assert all(str(link.attrs["href"]).startswith("https://x.example/") for link in links)


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:x", None, ""])
def test_a_link_that_must_not_be_followed_is_text(address):
    assert str(templates.make_link("a", address)) == "a"


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
    assert templates.escape(value) == expected


def test_html_stays_text():
    shown = MARKDOWN.render(templates.escape("<script>alert(1)</script><b>"))
    assert unescape(shown) == "<p><script>alert(1)</script><b></p>\n"
    assert "<script>" not in shown


def test_prose_keeps_its_paragraphs_and_nothing_else():
    assert str(templates.quote("One *word*.\n\n# Two")) == "> One \\*word\\*.\n>\n> \\# Two"


def test_tidy_text_has_single_blank_lines_and_one_end():
    assert templates.tidy("\n\na  \n\n\n\nb\n\n") == b"a\n\nb\n"
