"""What every report of a period says in the same way."""

import re

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.reports import samples
from timeweave.models.summaries import Summaries
from timeweave.reports.report_data import LONGEST, ReportData, assign_slugs


@pytest.mark.parametrize(
    ("everyone", "shown", "said"),
    [(msgspec.UNSET, 3, None), (11, 3, "3 of 11 people"), (11, 1, "name"), (11, 0, "0 of 11 people")],
)
def test_it_says_whose_time_it_is_where_some_people_were_asked_for(everyone, shown, said):
    whole = samples.aggregated()
    chosen = msgspec.structs.replace(whole, people=whole.people[:shown], people_in_period=everyone)
    data = ReportData(chosen, samples.enriched(), Summaries())
    assert data.chosen_people == (whole.people[0].name if said == "name" else said)


PEOPLE = st.lists(
    st.tuples(st.integers(1, 10**9), st.none() | st.text(max_size=400), st.text(max_size=400)), unique_by=lambda p: p[0]
)


@given(PEOPLE)
def test_every_person_gets_a_file_name_of_their_own_that_is_safe_anywhere(people):
    found = assign_slugs(people)
    assert set(found) == {person[0] for person in people}
    assert len(set(found.values())) == len(people)
    for slug in found.values():
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*(_\d+)?", slug)
        assert len(slug) <= LONGEST + 11


@pytest.mark.parametrize(
    ("email", "name", "expected"),
    [
        pytest.param("mira.castellane@heliotrope.example", "Mira", "mira-castellane", id="local part"),
        pytest.param("MIRA@HELIOTROPE.example", "x", "mira", id="upper case"),
        pytest.param(None, "Łucja Ørsted-Groß", "lucja-orsted-gross", id="letters no decomposition takes apart"),
        pytest.param(None, "Дмитрий Щукин", "dmitrii-shchukin", id="Cyrillic"),
        pytest.param(None, "Ψυχή", "psychi", id="Greek"),
        pytest.param(None, "Nguyễn Ánh", "nguyen-anh", id="several marks"),
        pytest.param(None, "山田", "user_7", id="nothing that can be spelled"),
        pytest.param("", "", "user_7", id="empty"),
        pytest.param("con@heliotrope.example", "", "user_7", id="a device of Windows"),
        pytest.param("NUL@heliotrope.example", "Nora Ulm", "nora-ulm", id="a device, but a name"),
        pytest.param("../../etc/passwd@x", "", "etc-passwd", id="a path"),
        pytest.param("index@heliotrope.example", "", "user_7", id="the site's own page"),
        pytest.param("a" * 300 + "@heliotrope.example", "", "a" * LONGEST, id="very long"),
    ],
)
def test_a_slug_is_the_e_mail_or_else_the_name_in_plain_letters(email, name, expected):
    assert assign_slugs([(7, email, name)]) == {7: expected}


def test_a_newcomer_of_the_same_name_renames_nobody():
    old = (10, "anna@heliotrope.example", "Anna")
    new = (99, "Anna@other.example", "Anna")
    assert assign_slugs([old])[10] == assign_slugs([new, old])[10] == "anna"
    assert assign_slugs([new, old])[99] == "anna_99"


def test_the_order_of_people_does_not_matter():
    people = [(3, "a@x", "A"), (1, "A@y", "B"), (2, None, "a")]
    assert assign_slugs(people) == assign_slugs(reversed(people)) == {1: "a", 2: "a_2", 3: "a_3"}
