import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeweave.reports.formatting import sanitize


@given(st.text())
def test_clean_text_is_one_line_that_stays_as_it_is(value):
    shown = sanitize.clean(value)
    assert shown == shown.strip()
    assert len(shown.splitlines()) <= 1
    assert sanitize.clean(shown) == shown
    assert not {unicodedata.category(char) for char in shown} & {"Cc", "Cs", "Zl", "Zp"}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param("a\r\n\tb  c\u2028d", "a b c d", id="blanks of all kinds"),
        pytest.param("pay\u202egnp.exe", "paygnp.exe", id="right-to-left override"),
        pytest.param("ad\u200bmin\ufeff", "admin", id="zero width"),
        pytest.param("👩\u200d💻 works", "👩\u200d💻 works", id="a joined emoji stays joined"),
        pytest.param("a\u200db", "ab", id="a joiner between Latin letters"),
        pytest.param("شرکت\u200cها", "شرکت\u200cها", id="Persian keeps its non-joiner"),
        pytest.param("e" + "\u0301" * 500, "e" + "\u0301" * 4, id="a tower of accents"),
        pytest.param("\x00\x1b[31m", "[31m", id="control characters"),
        pytest.param("", "", id="empty"),
    ],
)
def test_what_cannot_be_seen_or_breaks_the_line_is_gone(value, expected):
    assert sanitize.clean(value) == expected


@given(st.text(max_size=400), st.integers(10, 60))
def test_brief_text_fits(value, limit):
    assert len(sanitize.shorten(value, limit)) <= limit


def test_brief_text_ends_between_words():
    assert sanitize.shorten("one two three four", 14) == "one two three…"
    assert sanitize.shorten("x" * 10_000, 10) == "x" * 9 + "…"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("## Why\n\nThe form **loses** _text_.", "Why The form loses text."),
        ("- [x] first\n- second", "first second"),
        ("see [the notes](https://notes.example) ![chart](https://x.example/a.png)", "see the notes"),
        ("<script>alert(1)</script>bold", "alert(1) bold"),
        ("```python\nprint(1)\n```", "print(1)"),
        ("| a | b |\n| --- | --- |", "| a | b |"),
        ("snake_case_name stays", "snake_case_name stays"),
        (r"2 \* 3", "2 * 3"),
    ],
)
def test_markdown_is_told_by_its_words(value, expected):
    assert sanitize.strip_markdown(value, 300) == expected


def test_a_long_description_is_cut():
    shown = sanitize.strip_markdown("word " * 5000, 300)
    assert len(shown) <= 300
    assert shown.endswith("word…")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(
            "https://heliotrope.fibery.io/Scrum/Task/a-12", "https://heliotrope.fibery.io/Scrum/Task/a-12", id="https"
        ),
        pytest.param("http://localhost:8000/x?a=1&b=2#c", "http://localhost:8000/x?a=1&b=2#c", id="http"),
        pytest.param("https://x.example/a b(c)|\"'<>", "https://x.example/a%20b%28c%29%7C%22%27%3C%3E", id="encoded"),
        pytest.param("javascript:alert(1)", None, id="script"),
        pytest.param(" JaVaScRiPt://x.example/%0aalert(1)", None, id="script with a host"),
        pytest.param("data:text/html,x", None, id="data"),
        pytest.param("//x.example", None, id="no scheme"),
        pytest.param("https://heliotrope.fibery.io@evil.example/", None, id="a user name that looks like a host"),
        pytest.param("https://[", None, id="broken"),
        pytest.param("https://" + "x" * 5000, None, id="too long"),
        pytest.param("", None, id="empty"),
        pytest.param(None, None, id="none"),
    ],
)
def test_only_web_addresses_are_followed(value, expected):
    assert sanitize.filter_url(value) == expected
