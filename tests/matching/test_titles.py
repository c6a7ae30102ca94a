"""When a text agrees with a title."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeweave.matching.titles import agrees, may_be_title, measure_similarity

TITLE = "Import contacts from CSV"


@pytest.mark.parametrize(
    "text",
    [
        TITLE, "import CONTACTS from csv", "Import  contacts, from CSV!", "Import con-tacts from CSV", "Imprt contacts from CSV",
        "Import contcats from CSV", "Importt contactz from CSV",
    ],
)  # fmt: skip
def test_case_punctuation_blanks_and_slips_make_no_difference(text):
    assert agrees(text, TITLE)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Export contacts from CSV", TITLE),
        ("Import contacts from CVS", TITLE),
        ("Import contacts", TITLE),
        ("Import contacts from CSV - review", TITLE),
        ("contacts from CSV Import", TITLE),
        ("Encrypt invoices of customers", "Decrypt invoices of customers"),
        ("Enable push notifications", "Disable push notifications"),
        ("Release notes v1", "Release notes v2"),
        ("Sprint 12 planning", "Sprint 13 planning"),
        ("", TITLE),
        ("", ""),
        ("#", "!"),
    ],
)
def test_another_word_or_number_does(text, title):
    assert not agrees(text, title)


@given(st.text(), st.text())
def test_agreement_is_mutual_and_never_an_error(text, title):
    assert agrees(text, title) == agrees(title, text)
    assert 0 <= measure_similarity(text, title) <= 100


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Fix the login", True), ("Fix login", False), ("1:1 with Mira", True), ("  ", False), ("a b " * 251, False)],
)
def test_a_title_has_three_words_and_fits_into_fibery(text, expected):
    assert may_be_title(text) == expected


def test_more_words_are_likely_and_one_in_common_is_nothing():
    assert measure_similarity(f"{TITLE} - review", TITLE) == 100
    assert measure_similarity("fix", "Fix the login") == 0
    assert measure_similarity("call with the bank", TITLE) == 0
