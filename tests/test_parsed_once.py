"""What the tests parse once is what parsing it each time would give."""

import pytest

from tests.parsed_once import parse_once
from timeweave.reports.formatting.templates import Templates
from timeweave.runtime.errors import ConfigurationError


def write(folder, text):
    folder.mkdir()
    (folder / "page.j2").write_text(text)
    return folder


def test_a_text_is_parsed_once_and_what_it_holds_is_the_caller_s_own():
    asked = []
    parse = parse_once(lambda text: asked.append(text) or {"words": text.split()})
    parse("a b")["words"].append("c")
    assert parse("a b") == {"words": ["a", "b"]}
    assert asked == ["a b"]


def test_a_text_that_cannot_be_parsed_is_refused_each_time():
    parse = parse_once(int)
    for _ in range(2):
        with pytest.raises(ValueError, match="invalid literal"):
            parse("one")


def test_an_error_in_a_copy_of_a_template_names_the_copy(tmp_path):
    for name in ("first", "second"):
        page = Templates(write(tmp_path / name, "\n{{ 1 // number }}"), str)
        assert page.render("page.j2", number=1) == "\n1"
        with pytest.raises(ConfigurationError, match=f"{name}/page.j2, line 2: integer division"):
            page.render("page.j2", number=0)


def test_a_template_is_compiled_for_its_format(tmp_path):
    folder = write(tmp_path / "one", "{{ ['a', '<'] | join(' ') }}")
    assert Templates(folder, str).render("page.j2") == "a <"
    assert Templates(folder, lambda text: text.replace("<", "&lt;")).render("page.j2") == "a &lt;"
