import pytest

from timeweave.aggregation.entry_groups import UNREMARKABLE, find_kinds
from timeweave.matching.bracket_tags import Flag
from timeweave.matching.parsed_description import match
from timeweave.models.aggregated import FindingKind


@pytest.mark.parametrize(
    ("description", "kinds"),
    [
        pytest.param("fix #12 [Scrum] [Task] [Apollo]", (), id="as Fibery writes it"),
        pytest.param("lunch", (), id="an activity"),
        pytest.param("", ("no_description",), id="nothing"),
        pytest.param(" \u200b ", ("no_description",), id="nothing that can be seen"),
        pytest.param("#12 [Scrum] [Task] [Apollo]", (), id="no text but a reference"),
        pytest.param("Research #5678", ("no_tags",), id="an id alone"),
        pytest.param("fix 12 [Scrum] [Task]", ("near_miss",), id="tags alone"),
        pytest.param("review https://acct.fibery.io/Scrum/Task/1234 now", (), id="a link is as good as tags"),
        pytest.param("fix #12 [Scrum/Task] [Apollo]", (), id="a combined tag leaves no doubt"),
        pytest.param("fix #12 [Scrum [Task] [Apollo]", ("unclosed_tag",), id="a tag left open"),
    ],
)
def test_lists_what_a_person_should_look_at(description, kinds):
    assert find_kinds(match(description)) == kinds


@pytest.mark.parametrize("flag", sorted(set(Flag) - UNREMARKABLE))
def test_every_flag_that_leaves_a_doubt_is_a_kind_of_finding(flag):
    assert FindingKind(flag).value == flag.value
