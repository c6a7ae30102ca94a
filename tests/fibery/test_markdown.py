"""Fibery's Markdown for other readers."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeweave.fibery.markdown import cleaned

ID = "0f1e2d3c-5a5e-5c1b-9a55-0d6f2b5f7a10"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("plain\r\n\r\ntext\n", "plain\n\ntext"),
        ("> [//]: # (callout;icon-type=emoji;icon=bulb;color=#fba32f)\n> Mind this", "> Mind this"),
        ("before\n\n> [//]: # (callout)\n> inside\n\nafter", "before\n\n> inside\n\nafter"),
        (f"Ask [[Mira Castellane#^{ID}/{ID}]] first", "Ask Mira Castellane first"),
        (f"Ask [[#^{ID}/{ID}]] about it", "Ask about it"),
        (f"[[#^{ID}/{ID}]]", ""),
        ("`code` [[not a mention]] [link](https://x.example)", "`code` [[not a mention]] [link](https://x.example)"),
        ("* a\n* b #^c", "* a\n* b #^c"),
    ],
)
def test_marks_of_callouts_and_mentions_are_gone_and_the_words_stay(text, shown):
    assert cleaned(text) == shown


@given(st.text())
def test_cleaning_twice_is_cleaning_once_where_there_are_no_marks(text):
    plain = text.replace("[", "(")
    assert cleaned(cleaned(plain)) == cleaned(plain)


@pytest.mark.parametrize("part", ["[[#^", "[[a#^b/c", "> [//]: # (", "[[", "#^"])
def test_time_is_linear_in_hostile_text(part):
    began = time.monotonic()
    cleaned(part * 50_000)
    assert time.monotonic() - began < 2
