"""What the tags of an id say."""

import pytest

from timeweave.matching.reference import Reference, refer_by_tags


@pytest.mark.parametrize(
    ("tags", "names"),
    [
        ([], (None, None, None, ())),
        (["Scrum"], ("Scrum", None, None, ())),
        (["Scrum", "Task"], ("Scrum", "Task", None, ())),
        (["", "Task"], (None, "Task", None, ())),
        (["Scrum", "Task", "Apollo", "", "billable"], ("Scrum", "Task", "Apollo", ("billable",))),
        (["Scrum", "Task/Chore", "R&D/Design"], ("Scrum", "Task/Chore", "R&D/Design", ())),
        (["Scrum/Task"], ("Scrum", "Task", None, ())),
        (["Scrum / Task", ""], ("Scrum", "Task", None, ())),
        (["Scrum/Task", "P"], ("Scrum", "Task", "P", ())),
        (["Scrum/Task", "P", ""], ("Scrum", "Task", "P", ())),
        (["Scrum/Task", "", "P"], ("Scrum", "Task", "P", ())),
        (["A/B", "C", "D"], ("A/B", "C", "D", ())),
        (["A/B/C", "D"], ("A/B/C", "D", None, ())),
        (["/B", "C"], ("/B", "C", None, ())),
        (["A/", "C"], ("A/", "C", None, ())),
    ],
)
def test_tags_name_space_database_and_project_by_their_place(tags, names):
    assert refer_by_tags("12", tags) == Reference("12", *names)


@pytest.mark.parametrize(
    ("tags", "others", "expected"),
    [
        ([], ["Scrum", "Task"], False),
        (["Scrum", "Task"], [], True),
        (["scrum", "TASK"], ["Scrum", "Task"], False),
        (["Scrum", "Bug"], ["Scrum", "Task"], True),
        (["A", "B", "C", "d"], ["A", "B", "C"], True),
    ],
)
def test_a_reference_adds_what_the_other_does_not_say(tags, others, expected):
    assert refer_by_tags("12", tags).adds_to(refer_by_tags("12", others)) is expected


def test_another_id_is_always_news():
    assert refer_by_tags("11", []).adds_to(refer_by_tags("12", ["Scrum"]))
