"""The invented company's texts are complete and its story speaks of what there is."""

from collections import Counter
from datetime import date

from timeweave.sandbox.company import BY_NUMBER, EPICS, PEOPLE, STORY, feature
from timeweave.sandbox.fibery import schema
from timeweave.sandbox.fibery.workspace import read_name
from timeweave.sandbox.world import World

FEATURES = [one for epic in EPICS for one in epic["features"]]
GROUPS = {
    "tasks": "Scrum/Task",
    "bugs": "Scrum/Bug",
    "sub_bugs": "Scrum/Sub-bug",
    "requests": "Product Management/Request",
}


def name(text):
    return text if isinstance(text, str) else text[0]


def test_each_feature_has_a_text_for_each_of_its_items():
    for texts, database in GROUPS.items():
        kind = schema.types()[database]
        settings = kind.fields[kind.database["text_from"]].settings
        size = len(settings.get("places") or settings["ages"])
        assert {len(one[texts]) for one in FEATURES} == {size}


def test_no_title_is_written_twice_and_none_is_empty():
    titles = Counter(name(text) for one in FEATURES for texts in GROUPS for text in one[texts])
    assert max(titles.values()) == 1
    assert all(title.strip() == title != "" for title in titles)
    assert len({one["title"] for one in FEATURES}) == len(FEATURES)


def test_every_feature_belongs_to_a_project_of_both_systems():
    assert {one["project"] for one in FEATURES} == set(BY_NUMBER)


def test_features_begin_again_for_another_harbour():
    first, again = feature(442), feature(442 + len(FEATURES))
    assert first["title"] == again["title"] == FEATURES[0]["title"]
    assert (first["harbour"], bool(again["harbour"])) == ("", True)


def test_the_story_names_people_and_items_that_there_are():
    workspace = World(date(2025, 10, 14)).workspace
    told = {text[1:] for day in STORY["days"] for _, _, text in day["entries"] if text.startswith("@")}
    named = {*STORY["items"], *told, *(item for focus in STORY["focus"] for item in focus["items"])}
    assert [one for one in sorted(named) if workspace.find(*map(str, read_name(one))) is None] == []
    users = {day["user"] for day in STORY["days"]} | {focus["user"] for focus in STORY["focus"]}
    users.update(user for away in STORY["absences"].values() for user in away)
    assert users <= {person.user_id for person in PEOPLE}
