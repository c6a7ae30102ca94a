"""Names as people spell them, and what a wrong one may mean."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from timeweave.runtime.name_comparison import cut_text, find_nearest, fold, fold_separators, suggest


@given(st.text())
def test_case_form_and_blanks_at_the_edges_do_not_matter(text):
    assert fold(f"  {unicodedata.normalize('NFD', text)}\t") == fold(unicodedata.normalize("NFC", text))


def test_links_write_blanks_and_hyphens_as_underscores():
    assert fold_separators("Sub-task") == fold_separators("sub_task") == fold_separators("Sub Task")


def test_a_text_that_fits_stays_whole_and_a_longer_one_shows_that_it_is_cut():
    assert [cut_text("é" * length, 200) for length in (0, 199, 200)] == ["", "é" * 199, "é" * 200]
    assert cut_text("x" * 201, 200) == "x" * 199 + "…"


def test_the_nearest_names_come_first():
    known = ["Scrum/Task", "Scrum/Sub-task", "Product/Feature"]
    assert find_nearest("scrum/taks", known)[0] == "Scrum/Task"
    assert find_nearest("Zebra", known) == []


def test_an_address_is_near_by_its_person_and_not_by_a_domain_that_all_share():
    known = ["hana.moriyabe@company.example", "jonas@company.example"]
    assert find_nearest("nobody@company.example", known) == []
    assert find_nearest("jonsa@company.example", known)[0] == find_nearest("jonas@firm.example", known)[0] == known[1]


def test_the_same_database_of_another_space_is_nearest():
    assert find_nearest("Backend/Bug", ["Backoffice/Buy", "Scrum/Bug"])[0] == "Scrum/Bug"


@given(st.text(), st.lists(st.text()), st.integers(1, 5))
def test_only_known_names_are_suggested_each_once_and_not_too_many(name, known, most):
    nearest = find_nearest(name, known, most)
    assert set(nearest) <= set(known)
    assert len(nearest) == len(set(nearest)) <= most


def test_a_suggestion_asks_or_lists():
    assert suggest("Priorty", ["Priority", "Size"]) == "did you mean Priority?"
    assert suggest("zzz", ["Size", "Priority"]) == "choose from Priority, Size"
    assert suggest("zzz", []) == "there are none"
    assert suggest("zzz", [f"name {number:02}" for number in range(20)]).endswith("name 11, …")
