"""What every report of a period says in the same way."""

import re

import msgspec
import pytest

from tests.reports import analyses, story
from tests.reports.analyses import Member, Scene, key
from timeweave.reports import charts
from timeweave.reports.report_data import ReportData


@pytest.mark.parametrize(
    ("everyone", "shown", "said"),
    [(None, 3, None), (11, 3, "3 of 11 people"), (11, 1, "name"), (11, 0, "0 of 11 people")],
)
def test_it_says_whose_time_it_is_where_some_people_were_asked_for(everyone, shown, said):
    whole = story.analysis()
    data = ReportData(msgspec.structs.replace(whole, people=whole.people[:shown], people_in_period=everyone))
    assert data.chosen_people == (whole.people[0].name if said == "name" else said)


def test_people_of_one_name_are_told_apart_by_what_else_is_known():
    names = [person.name for person in story.report_data().people.values()]
    assert "Hana Moriyabe (hana.m@heliotrope.example)" in names
    assert "Hana Moriyabe (user 104)" in names
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("name", "email", "shown"),
    [
        ("", "a@b.example", "a@b.example"),
        (" \u200b", None, "User 7"),
        ("Ada\nLee", None, "Ada Lee"),
        ("x" * 999, None, 80),
    ],
)
def test_everybody_is_called_something_on_one_line(name, email, shown):
    data = ReportData(analyses.build(Scene(members=[Member(7, name, email)])))
    [person] = data.people.values()
    assert person.name == shown or len(person.name) == shown


def test_every_item_has_an_address_of_its_own_that_is_the_same_in_every_period():
    data = story.report_data()
    assert data.item_anchors[story.TASK] == "i-scrum-task-12"
    longest = "Ein sehr langer Name eines Bereichs, den niemand abkürzen mochte, weil er so schön ist"
    places = [
        ("Scrum", "Task"),
        ("Scrum", "Task!"),
        ("Задачи", "Ошибка"),
        ("任务", "缺陷"),
        ("任务", "需求"),
        (longest, "A"),
        (longest, "B"),
    ]
    items = [key(*place, "123456789012") for place in places]
    logs = [analyses.Log(story.ANOUK, "2025-10-07", "09:00", 60, "x", item) for item in items]
    scene = Scene(members=[story.ANOUK], logs=logs, entities={item: story.entity(item, "x") for item in items})
    found = ReportData(analyses.build(scene)).item_anchors
    assert len(set(found.values())) == len(places)
    assert found[items[0]] == "i-scrum-task-123456789012"
    assert found[items[2]] == "i-zadachi-oshibka-123456789012"
    assert all(re.fullmatch(r"i-[a-z0-9-]+-123456789012", anchor) for anchor in found.values())
    for log in logs:
        alone = ReportData(analyses.build(analyses.replaced(scene, logs=[log])))
        assert alone.item_anchors == {log.item: found[log.item]}


def test_a_colour_belongs_to_a_key_and_not_to_its_rank():
    keys = ["features", "bugs", "meetings", "support", "absence"]
    hues = charts.assign_hues(keys)
    assert hues == charts.assign_hues(reversed(keys))
    assert len(set(hues.values())) == len(keys)
    assert set(charts.assign_hues(str(n) for n in range(40)).values()) == set(range(charts.HUES))


def test_a_sparkline_stands_on_the_ground_and_knows_what_is_unknown():
    assert charts.draw_sparkline([1, 2]) == "M0 100v-50h8v50zM10 100v-100h8v100z"
    assert charts.draw_sparkline([None, 2]) == "M10 100v-100h8v100z"
    assert charts.draw_sparkline([0, 0]) == ""
