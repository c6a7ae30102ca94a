"""The chain of parents."""

import pytest

from tests.enrichment.workspaces import KNOWN
from timeweave.enrichment.lineage import chain, steps_above
from timeweave.enrichment.state import state_columns


def shape(steps):
    return [(step.relation, step.database.name, shape(step.above)) for step in steps]


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
    relation, database, _ = shape(steps_above(KNOWN.type(name)))[0]
    assert (relation, database) == first


def test_sprints_and_lookups_are_no_parents_and_a_declared_parent_comes_first():
    steps = shape(steps_above(KNOWN.type("Scrum/Task")))
    assert [relation for relation, *_ in steps] == ["Parent Task", "Feature", "BA Feature"]
    assert steps[1] == ("Feature", "Scrum/Feature", FEATURE)


def test_a_relation_to_the_same_database_ends():
    def depth(steps):
        return 1 + max((depth(step.above) for step in steps), default=0)

    assert depth(steps_above(KNOWN.type("Scrum/Task"))) == 5


def test_an_activity_may_name_other_parents():
    steps = steps_above(KNOWN.type("Product/Feature"), ("Delivered by", "Nothing"))
    assert shape(steps) == [("Delivered by", "Scrum/Feature", FEATURE)]


def test_the_chain_follows_the_relations_that_are_set():
    steps = steps_above(KNOWN.type("Scrum/Sub-bug"))
    task = steps[1]
    row = {f"{task.alias}public_id": "4", f"{task.above[1].alias}public_id": "9"}
    assert [step.relation for step in chain(steps, row)] == ["Task", "Feature"]
    assert chain(steps, {}) == []


def test_every_column_of_a_chain_has_an_alias_of_its_own():
    steps = steps_above(KNOWN.type("Scrum/Sub-task"))
    asked = [str(column.ask) for step in steps for column in step.columns.values()]
    assert len(asked) == len(set(asked)) > 20


def test_a_plain_select_is_a_state_without_finality():
    assert list(state_columns(KNOWN.type("Design/Work Version"), (), "")) == ["state_name"]
    assert list(state_columns(KNOWN.type("Scrum/Task"), (), "")) == ["state_name", "state_type", "state_final"]
    assert state_columns(KNOWN.type("Scrum/Epic"), (), "") == {}
