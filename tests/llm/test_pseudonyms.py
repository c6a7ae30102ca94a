"""Nobody's name, e-mail or id leaves the machine where pseudonyms are asked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeweave.llm.pseudonyms import SOMEBODY, Pseudonyms

TEAM = [
    ("Lucía Marquenas", "lucia.marquenas@team.example", 9100006),
    ("Jürgen Strauß", None, None),
    ("Bo Li", "bo@team.example", 7001),
]
HIDE = Pseudonyms(TEAM).hide


@pytest.mark.parametrize("text", [
    "1:1 with Lucía", "1:1 with LUCIA", "ask lucia.marquenas@team.example", "user 9100006 said", "Marquenas' review",
    "with Strauß", "with STRAUSS", "Bo Li and Lucía Marquenas", "lucía marquenas",
])  # fmt: skip
def test_names_are_found_in_any_case_and_with_or_without_accents(text):
    hidden = HIDE(text).casefold()
    for part in ("luc", "marquenas", "strau", "9100006", "bo li"):
        assert part not in hidden
    assert SOMEBODY in hidden


def test_other_text_stays_as_it_is():
    assert HIDE("Fix the login für alle, Straße 5") == "Fix the login für alle, Straße 5"


def test_a_team_of_nobody_hides_nothing():
    assert Pseudonyms([]).hide("Lucía") == "Lucía"


@given(st.text(max_size=40), st.text(max_size=40), st.sampled_from(["Lucía Marquenas", "LUCIA", "Strauß", "9100006"]))
def test_a_name_is_gone_wherever_it_stands(before, after, name):
    hidden = HIDE(before + name + after)
    assert name not in hidden
