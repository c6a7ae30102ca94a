"""YAML with the lines of its parts."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from timeweave.runtime.yaml_nodes import YamlNodes

TEXT = """# a comment
first:
  "Space/Database":
    fields:
      - one
      - {deep: {deeper: {deepest: 1}}}
    number: 5
second: &shared {a: 1}
third: {<<: *shared, b: 2}
"""


def test_every_key_and_item_has_the_line_it_stands_on():
    nodes = YamlNodes(TEXT)
    places = [(), ("first",), ("first", "Space/Database"), ("first", "Space/Database", "fields", 1), ("third", "b")]
    assert [nodes.find_line(place) for place in places] == [1, 2, 3, 6, 9]


def test_what_has_no_line_has_that_of_what_it_lies_in():
    nodes = YamlNodes(TEXT)
    assert nodes.find_line(("first", "Space/Database", "fields", 1, "deep", "deeper")) == 6
    assert nodes.find_line(("first", "nothing")) == 2


@pytest.mark.parametrize(
    ("place", "settled"),
    [
        (("first", "Space/Database", "fields", 1, "deep"), ("first", "Space/Database", "fields", 1, "deep")),
        (("second", 0, "b"), ("second", "b")),
        (("second", 0, "a", "value"), ("second", "a")),
        (("first", "Space/Database", "number", 0, "value"), ("first", "Space/Database", "number")),
    ],
)
def test_a_place_settles_where_one_value_stands_for_a_list_of_one_or_a_scalar_for_a_mapping(place, settled):
    nodes = YamlNodes(TEXT)
    assert nodes.settle(place) == settled
    assert nodes.find_line(place) == nodes.find_line(settled)


def test_the_value_is_the_one_of_plain_yaml_and_a_merged_key_keeps_its_line():
    nodes = YamlNodes(TEXT)
    assert nodes.value == yaml.safe_load(TEXT)
    assert (nodes.value["third"], nodes.find_line(("third", "a"))) == ({"a": 1, "b": 2}, 8)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["C", "Z"])),
    lambda children: st.lists(children) | st.dictionaries(st.text("abc", min_size=1), children),
    max_leaves=20,
)


@given(VALUES)
def test_any_value_is_read_back(value):
    nodes = YamlNodes(yaml.safe_dump(value))
    assert (nodes.value, nodes.faults) == (value, [])


def test_a_name_given_twice_in_any_case_is_a_fault():
    assert YamlNodes("a:\n  Key: 1\n  key: 2\n").faults == [(("a", "key"), "key is given twice, first on line 2")]


@pytest.mark.parametrize("text", ["a: !python/name:os.system\n", "a: 2025-99-99\n", "a: &a [*a]\n", "a: {<<: 5}\n"])
def test_what_plain_yaml_does_not_have_is_a_fault_with_its_place(text):
    [(place, _)] = YamlNodes(text).faults
    assert place[0] == "a"


def test_what_is_not_yaml_is_refused():
    with pytest.raises(yaml.YAMLError):
        YamlNodes("a: [")


def test_nothing_is_nothing():
    assert YamlNodes("").value is None
