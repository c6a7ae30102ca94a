"""Counting what belongs to a feature."""

import pytest

from tests.enrichment.workspaces import KNOWN
from timeweave.enrichment.activities import SubItem
from timeweave.enrichment.item_query.sub_item_lists import (
    build_list_columns,
    build_via_columns,
    count_completion,
    find_sub_item_lists,
    list_sub_items,
)
from timeweave.models.enriched import Completion

FEATURE = KNOWN.get_type("Scrum/Feature")


def test_a_feature_has_tasks_and_bugs_and_other_databases_have_nothing_to_count():
    lists = find_sub_item_lists(FEATURE)
    assert [one.items.name for one in lists] == ["Scrum/Task", "Scrum/Bug"]
    assert set(build_list_columns(lists, FEATURE)) == {one.alias + end for one in lists for end in ("", "_count")}
    assert find_sub_item_lists(KNOWN.get_type("Scrum/Epic")) == []


def test_hours_are_asked_for_where_items_keep_them():
    tasks, bugs = find_sub_item_lists(FEATURE)
    assert tasks.column.ask["q/select"]["hours"] == "Scrum/Time spent (H)"
    assert "hours" not in bugs.column.ask["q/select"]


def test_items_count_once_whatever_list_they_are_in():
    tasks, bugs = find_sub_item_lists(FEATURE)
    one = {"id": "a", "state_final": True, "hours": "1.50"}
    row = {
        tasks.alias: [one, one, {"id": "b", "state_final": None, "hours": "0.25"}],
        bugs.alias: [{"id": "a", "state_final": False}],
    }
    items = list_sub_items([tasks, bugs], row, {})
    assert [(item.database, item.final, item.hours) for item in items] == [
        ("Scrum/Task", True, 1.5), ("Scrum/Task", False, 0.25), ("Scrum/Bug", False, None),
    ]  # fmt: skip
    assert count_completion(items) == Completion(items=3, final=1, seconds=6300)


def test_a_cancelled_item_is_neither_done_nor_counted_but_its_time_was_spent():
    tasks, _ = find_sub_item_lists(FEATURE)
    states = [
        ("Done", "Finished", True),
        ("Cancelled", "Finished", True),
        ("Open", "Not started", False),
        ("Shipped", "Finished", None),
    ]
    row = {
        tasks.alias: [
            {"id": name, "state_name": name, "state_type": type_, "state_final": final, "hours": "1"}
            for name, type_, final in states
        ]
    }
    items = list_sub_items([tasks], row, {})
    assert [(item.final, item.cancelled) for item in items] == [
        (True, False),
        (False, True),
        (False, False),
        (True, False),
    ]
    assert count_completion(items) == Completion(items=3, final=2, seconds=4 * 3600, cancelled=1)


def test_items_may_belong_to_another_item_that_a_relation_names():
    product = KNOWN.get_type("Product/Feature")
    paths = (("Delivered by", "Tasks"), ("Delivered by", "Nothing"), ("Nobody", "Tasks"))
    [listed] = find_sub_item_lists(product, paths)
    [via] = build_via_columns(product, paths)
    holders = {("Scrum/Feature", "9"): {listed.alias: [{"id": "a", "state_final": True}]}}
    assert count_completion(list_sub_items([listed], {via: "9"}, holders)) == Completion(items=1, final=1)
    assert list_sub_items([listed], {via: None}, holders) is None


def test_lists_that_could_not_be_read_have_no_completion():
    assert count_completion(list_sub_items(find_sub_item_lists(FEATURE), {}, {})) is None


@pytest.mark.parametrize(
    ("own", "hours", "seconds"),
    [
        (None, [], None),
        (None, [None], None),
        (None, [0.1, 0.2], 1080),
        ("2.5", [1.0], 9000),
        ("0", [1.0], 0),
        ("0.00013888888888888889", [], 1),
        ("0.000138", [], 0),
        (True, [], None),
    ],
)
def test_the_features_own_hours_count_before_those_of_its_items(own, hours, seconds):
    items = [SubItem("Scrum/Task", None, False, one) for one in hours]
    assert count_completion(items, own).seconds == seconds
