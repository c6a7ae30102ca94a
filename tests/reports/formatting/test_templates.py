import re
from dataclasses import dataclass

import pytest
from markupsafe import Markup

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
