"""The parents above an item."""

import pytest

from tests.enrichment.workspaces import KNOWN
from timeweave.enrichment.item_query.parents import find_parent_paths, follow_parents


def shape(paths):
    return [(path.relation, path.database.name, shape(path.above)) for path in paths]


FEATURE = [("Epic", "Scrum/Epic", [])]


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Scrum/Sub-task", ("Task", "Scrum/Task")),
        ("Scrum/Sub-bug", ("Bug", "Scrum/Bug")),
        ("Scrum/Bug", ("Feature", "Scrum/Feature")),
        ("Design/Work Version", ("Design Feature 1", "Design/Design Feature")),
        ("Design/Design Feature", ("Feature", "Scrum/Feature")),
    ],
)
def test_the_nearest_rung_of_the_ladder_comes_first(name, first):
    relation, database, _ = shape(find_parent_paths(KNOWN.get_type(name)))[0]
    assert (relation, database) == first


def test_sprints_and_lookups_are_no_parents_and_a_declared_parent_comes_first():
    paths = shape(find_parent_paths(KNOWN.get_type("Scrum/Task")))
    assert [relation for relation, *_ in paths] == ["Parent Task", "Feature", "BA Feature"]
    assert paths[1] == ("Feature", "Scrum/Feature", FEATURE)


def test_a_relation_to_the_same_database_ends():
    def depth(paths):
        return 1 + max((depth(path.above) for path in paths), default=0)

    assert depth(find_parent_paths(KNOWN.get_type("Scrum/Task"))) == 5


def test_an_activity_may_name_other_parents():
    paths = find_parent_paths(KNOWN.get_type("Product/Feature"), ("Delivered by", "Nothing"))
    assert shape(paths) == [("Delivered by", "Scrum/Feature", FEATURE)]


def test_the_chain_follows_the_relations_that_are_set():
    paths = find_parent_paths(KNOWN.get_type("Scrum/Sub-bug"))
    task = paths[1]
    row = {f"{task.alias}public_id": "4", f"{task.above[1].alias}public_id": "9"}
    assert [path.relation for path in follow_parents(paths, row)] == ["Task", "Feature"]
    assert follow_parents(paths, {}) == []


def test_every_column_of_a_chain_has_an_alias_of_its_own():
    paths = find_parent_paths(KNOWN.get_type("Scrum/Sub-task"))
    asked = [str(column.ask) for path in paths for column in path.columns.values()]
    assert len(asked) == len(set(asked)) > 20
