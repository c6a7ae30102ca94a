"""The configuration's shape, every fault with its line."""

import pytest

from tests.enrichment.conftest import SHIPPED
from timeweave.enrichment import config_file
from timeweave.runtime.errors import ConfigurationError

EARLIER = """enrichment_activities:
  "Scrum/Task":      {activity: enrich_scrum_task, max_concurrent: 5, fields: [Story Points, Sprint, Epic]}
  "Product/Feature": {activity: enrich_product_feature, max_concurrent: 3, fields: [Revenue Impact, Launch Date]}
  default:           {activity: default_enrich_entity, max_concurrent: 5}
"""


@pytest.fixture
def load(tmp_path):
    def write(text):
        path = tmp_path / "config.yaml"
        path.write_text(text, encoding="utf-8")
        return config_file.load(path)

    return write


def test_a_file_of_the_earlier_version_is_read_whole(load):
    found = load(EARLIER)
    assert [(name, one.activity, one.max_concurrent) for name, one in found.entries.items()] == [
        ("Scrum/Task", "enrich_scrum_task", 5),
        ("Product/Feature", "enrich_product_feature", 3),
    ]
    assert found.entries["Scrum/Task"].fields == ("Story Points", "Sprint", "Epic")
    assert (found.default_name, found.default.activity) == ("default", "default_enrich_entity")


def test_fields_activity_and_bound_may_be_left_out(load):
    found = load('enrichment_activities:\n  "Scrum/Task":\n  "Scrum/Bug": {fields: }\n')
    assert [(one.activity, one.max_concurrent, one.fields) for one in found.entries.values()] == [
        ("default_enrich_entity", 5, ())
    ] * 2
    assert found.default is None


def test_default_is_found_in_any_case(load):
    found = load("enrichment_activities:\n  Default: {max_concurrent: 2}\n")
    assert (found.entries, found.default_name, found.default.max_concurrent) == ({}, "Default", 2)


def test_anchors_and_merges_are_followed(load):
    found = load(
        'enrichment_activities:\n  "A/B": &ab {max_concurrent: 2, fields: [X]}\n  "A/C": {<<: *ab, max_concurrent: 3}\n'
    )
    assert [(one.max_concurrent, one.fields) for one in found.entries.values()] == [(2, ("X",)), (3, ("X",))]


def test_estimate_and_spent_are_fields_with_a_unit(load):
    found = load(
        'enrichment_activities:\n  "A/B":\n    estimate: {field: Size, unit: days}\n    spent: {field: Spent, unit: hours}\n'
        '  "A/C": {estimate: {field: Points, unit: points}}\n  "A/D": {estimate: }\n  "A/E": {spent: {field: X, unit: days, hours_per_day: 7.5}}\n'
    )
    assert [
        [(key, one.field, one.unit, one.hours_per_day) for key, one in entry.amounts.items()]
        for entry in found.entries.values()
    ] == [
        [("estimate", "Size", "days", 8), ("spent", "Spent", "hours", 8)],
        [("estimate", "Points", "points", 8)],
        [],
        [("spent", "X", "days", 7.5)],
    ]


def test_the_shipped_configuration_is_sound():
    found = config_file.load(SHIPPED)
    assert found.default is not None
    assert {"Scrum/Task", "Scrum/Bug", "Product/Feature"} <= set(found.entries)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "line 1: the file is empty; it needs the key enrichment_activities"),
        ("- a\n", "line 1: the file should be a mapping with enrichment_activities"),
        ("enrichment_activites:\n  default:\n", "line 1: enrichment_activites is not known; did you mean enrichment_activities?"),
        ("enrichment_activities: [a]\n", "line 1: enrichment_activities should be a mapping"),
        ('enrichment_activities:\n  "A/B": {activty: x}\n', "line 2: A/B.activty is not known; did you mean activity?"),
        ('enrichment_activities:\n  "A/B":\n    activity: enrich_scrum_tsk\n', "line 3: A/B.activity: there is no activity 'enrich_scrum_tsk'; did you mean enrich_scrum_task"),
        ('enrichment_activities:\n  "A/B": {activity: os.system}\n', "choose from default_enrich_entity, enrich_product_feature"),
        ('enrichment_activities:\n  "A/B":\n\n    max_concurrent: 0\n', "line 4: A/B.max_concurrent should be greater than or equal to 1, not 0"),
        ('enrichment_activities:\n  "A/B": {max_concurrent: yes}\n', "A/B.max_concurrent should be a valid integer, not True"),
        ('enrichment_activities:\n  "A/B": {max_concurrent: "5"}\n', "not '5'"),
        ('enrichment_activities:\n  "A/B": {max_concurrent: 1000}\n', "less than or equal to 100, not 1000"),
        ('enrichment_activities:\n  "A/B": {fields: Sprint}\n', "line 2: A/B.fields should be a list, not 'Sprint'"),
        ('enrichment_activities:\n  "A/B":\n    fields:\n      - Size\n      - yes\n', "line 5: A/B.fields should be a valid string, not True; write it in quotes"),
        ('enrichment_activities:\n  "A/B": {fields: ["  "]}\n', "A/B.fields: String should have at least 1 character"),
        ('enrichment_activities:\n  "A/B": 5\n', "line 2: A/B should be a mapping with activity, max_concurrent, fields, estimate, spent, prompt, not 5"),
        ('enrichment_activities:\n  "A/B": {prompt: ../secret}\n', "line 2: A/B.prompt: '../secret' is not the name of a file in config/prompts/"),
        ('enrichment_activities:\n  "A/B": {estimate: Size}\n', "line 2: A/B.estimate should be a mapping with field, hours_per_day, unit, not 'Size'"),
        ('enrichment_activities:\n  "A/B": {estimate: {field: Size}}\n', "line 2: A/B.estimate.unit is missing"),
        ('enrichment_activities:\n  "A/B": {spent: {unit: hours}}\n', "line 2: A/B.spent.field is missing"),
        ('enrichment_activities:\n  "A/B":\n    estimate:\n      field: Size\n      unti: days\n', "line 5: A/B.estimate.unti is not known; did you mean unit?"),
        ('enrichment_activities:\n  "A/B":\n    estimate:\n      field: Size\n      unit: weeks\n', "line 5: A/B.estimate.unit should be 'hours', 'days' or 'points', not 'weeks'"),
        ('enrichment_activities:\n  "A/B": {spent: {field: Size, unit: points}}\n', "A/B.spent.unit should be 'hours' or 'days', not 'points'"),
        ('enrichment_activities:\n  "A/B": {estimate: {field: 5, unit: days}}\n', "A/B.estimate.field should be a valid string, not 5; write it in quotes"),
        ('enrichment_activities:\n  "A/B": {estimate: {field: Size, unit: days, hours_per_day: 0}}\n', "A/B.estimate.hours_per_day should be greater than 0, not 0"),
        ('enrichment_activities:\n  "A/B": {estimate: {field: Size, unit: days, hours_per_day: 25}}\n', "A/B.estimate.hours_per_day should be less than or equal to 24, not 25"),
        ('enrichment_activities:\n  "A/B": {estimate: {field: Size, unit: days, hours_per_day: yes}}\n', "A/B.estimate.hours_per_day should be a valid number, not True"),
        ('enrichment_activities:\n  "A/B": {estimate: {field: Size, unit: days, hours_per_day: .nan}}\n', "A/B.estimate.hours_per_day should be"),
        ('enrichment_activities:\n  "A/B": {estimates: {field: Size, unit: days}}\n', "line 2: A/B.estimates is not known; did you mean estimate?"),
        ("enrichment_activities:\n  Task: {}\n", 'line 2: Task: not a database; write "Space/Database", or default'),
        ('enrichment_activities:\n  "A/B": {}\n  "a/b": {}\n', "line 3: a/b is given twice, first on line 2"),
        ('enrichment_activities:\n  "A/B": {max_concurrent: !python/object/apply:os.system [id]}\n', "line 2: could not determine a constructor"),
        ('enrichment_activities:\n  "A/B": {fields: [2025-99-99]}\n', "line 2: month must be in 1..12"),
        ("enrichment_activities: {\n", "is not valid YAML"),
    ],
)  # fmt: skip
def test_a_fault_is_a_sentence_with_its_line(load, text, said):
    with pytest.raises(ConfigurationError) as error:
        load(text)
    assert said in str(error.value)


def test_a_value_that_cannot_be_read_is_one_fault(load):
    with pytest.raises(ConfigurationError) as error:
        load('enrichment_activities:\n  "A/B": {fields: [2025-99-99]}\n')
    assert str(error.value).count("line") == 1


def test_all_faults_are_named_at_once(load):
    with pytest.raises(ConfigurationError) as error:
        load('enrichment_activities:\n  "A/B": {max_concurrent: 0}\n  "A/C": {activity: none}\n')
    assert "line 2" in str(error.value)
    assert "line 3" in str(error.value)


def test_a_missing_file_says_which_parameter_names_it(tmp_path):
    with pytest.raises(ConfigurationError, match=r"does not exist; correct enrichment\.config"):
        config_file.load(tmp_path / "none.yaml")
