"""Names as people write them."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from timeweave.fibery import names


@given(st.text())
def test_case_form_and_blanks_at_the_edges_do_not_matter(text):
    assert names.key(f"  {unicodedata.normalize('NFD', text)}\t") == names.key(unicodedata.normalize("NFC", text))


def test_the_nearest_names_come_first():
    known = ["Scrum/Task", "Scrum/Sub-task", "Product/Feature"]
    assert names.nearest("scrum/taks", known)[0] == "Scrum/Task"
    assert names.nearest("Zebra", known) == []


def test_the_same_database_of_another_space_is_nearest():
    assert names.nearest("Backend/Bug", ["Backoffice/Buy", "Scrum/Bug"])[0] == "Scrum/Bug"


def test_a_hint_asks_or_lists():
    assert names.hint("Priorty", ["Priority", "Size"]) == "did you mean Priority?"
    assert names.hint("zzz", ["Size", "Priority"]) == "there are Priority, Size"
    assert names.hint("zzz", []) == "there are none"
