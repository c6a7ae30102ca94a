"""Nobody's name, e-mail or id is left in a text, and a name in an answer is noticed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeweave.llm.person_names import SOMEBODY, PersonNames

NAMES = PersonNames(
    [
        ("Lucía Marquenas", "lucia.marquenas@team.example", 9100006),
        ("Jürgen Strauß", None, None),
        ("Bo Li", "bo@team.example", 7001),
        ("Ian Søren", None, None),
        ("王伟", None, None),
    ]
)


@pytest.mark.parametrize("text", [
    "1:1 with Lucía", "1:1 with LUCIA", "ask lucia.marquenas@team.example", "user 9100006 said", "Marquenas' review", "@lmarquenas",
    "with Strauß", "with STRAUSS", "Bo Li and Lucía Marquenas", "lucía marquenas", "Bo, please", "for Li", "王伟完成了", "Ian's idea",
    "IAN", "Ians idea", "ian_soren", "Soren", "Lucía\u0301", "lucia",
])  # fmt: skip
def test_names_are_hidden_in_any_case_and_with_or_without_accents(text):
    hidden = NAMES.hide(text).casefold()
    for part in ("luc", "marquenas", "strau", "9100006", "bo li", "ian", "ren", "王伟"):
        assert part not in hidden
    assert SOMEBODY in hidden


@pytest.mark.parametrize("text", [
    "Fix the login für alle, Straße 5", "Brilliant, a bonus: borders and lists", "Variante IANA", "about the box", "王 and 伟",
])  # fmt: skip
def test_other_text_stays_as_it_is(text):
    assert NAMES.hide(text) == text


def test_a_team_of_nobody_has_no_names():
    nobody = PersonNames([])
    assert nobody.hide("Lucía") == "Lucía"
    assert not nobody.occur_in("Lucía")


@given(st.text(max_size=40), st.text(max_size=40), st.sampled_from(["Lucía Marquenas", "LUCIA", "Strauß", "9100006"]))
def test_a_name_is_gone_wherever_it_stands(before, after, name):
    assert name not in NAMES.hide(before + name + after)


@pytest.mark.parametrize(("text", "named"), [
    ("Lucía did it", True), ("LUCIA did it", True), ("lucia did it", True), ("by marquenas", True), ("Bo did it", True), ("Ian's", True), ("王伟完成了", True),
    ("ian", False), ("a bo", False), ("Brilliant", False), ("a marquenasque", False), ("王", False), ("", False),
])  # fmt: skip
def test_a_name_is_noticed_with_its_capital_or_where_it_is_long(text, named):
    assert NAMES.occur_in(text) is named


def test_a_particle_is_no_name():
    assert not PersonNames([("Jan van der Berg", None, None)]).occur_in("Van der")
