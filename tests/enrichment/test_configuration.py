"""The configuration's shape, every fault with its line."""

import pytest

from tests.enrichment.conftest import SHIPPED
from timeweave.enrichment import configuration
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
        return configuration.load(path)

    return write


def test_a_file_of_the_earlier_version_is_read_whole(load):
    found = load(EARLIER)
    assert [(one.key, one.activity, one.max_concurrent) for one in found.entries] == [
        ("Scrum/Task", "enrich_scrum_task", 5),
        ("Product/Feature", "enrich_product_feature", 3),
    ]
    assert [(one.label, one.line) for one in found.entries[0].fields] == [
        ("Story Points", 2),
        ("Sprint", 2),
        ("Epic", 2),
    ]
    assert found.default.key == "default"


def test_fields_activity_and_bound_may_be_left_out(load):
    found = load('enrichment_activities:\n  "Scrum/Task":\n  "Scrum/Bug": {fields: }\n')
    assert [(one.activity, one.max_concurrent, one.fields) for one in found.entries] == [
        ("default_enrich_entity", 5, ())
    ] * 2
    assert found.default is None


def test_anchors_and_merges_are_followed(load):
    found = load(
        'enrichment_activities:\n  "A/B": &ab {max_concurrent: 2, fields: [X]}\n  "A/C": {<<: *ab, max_concurrent: 3}\n'
    )
    assert [(one.max_concurrent, [wanted.label for wanted in one.fields]) for one in found.entries] == [
        (2, ["X"]),
        (3, ["X"]),
    ]


def test_the_shipped_configuration_is_sound():
    found = configuration.load(SHIPPED)
    assert found.default is not None
    assert {"Scrum/Task", "Scrum/Bug", "Product/Feature"} <= {one.key for one in found.entries}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "line 1: the file is empty"),
        ("- a\n", "line 1: the file is a mapping"),
        ("enrichment_activites:\n  default:\n", "line 1: enrichment_activites is not known; did you mean enrichment_activities"),
        ("enrichment_activities: [a]\n", "line 1: enrichment_activities is a mapping"),
        ('enrichment_activities:\n  "A/B": {activty: x}\n', "line 2: A/B: activty is not known; did you mean activity"),
        ('enrichment_activities:\n  "A/B":\n    activity: enrich_scrum_tsk\n', "line 3: A/B: there is no activity 'enrich_scrum_tsk'; did you mean enrich_scrum_task"),
        ('enrichment_activities:\n  "A/B": {activity: os.system}\n', "known are default_enrich_entity, enrich_product_feature"),
        ('enrichment_activities:\n  "A/B":\n\n    max_concurrent: 0\n', "line 4: A/B: max_concurrent is a whole number from 1 to 100, and not 0"),
        ('enrichment_activities:\n  "A/B": {max_concurrent: yes}\n', "max_concurrent is a whole number from 1 to 100, and not True"),
        ('enrichment_activities:\n  "A/B": {max_concurrent: "5"}\n', "and not '5'"),
        ('enrichment_activities:\n  "A/B": {max_concurrent: 1000}\n', "and not 1000"),
        ('enrichment_activities:\n  "A/B": {fields: Sprint}\n', "fields is a list of labels"),
        ('enrichment_activities:\n  "A/B":\n    fields:\n      - Size\n      - yes\n', "line 5: A/B: True is no label; write it in quotes"),
        ('enrichment_activities:\n  "A/B": {fields: [Size, size]}\n', "A/B: size is listed twice"),
        ('enrichment_activities:\n  "A/B": 5\n', "line 2: A/B: 5 is no mapping"),
        ("enrichment_activities:\n  Task: {}\n", "line 2: 'Task' is no database"),
        ('enrichment_activities:\n  "A/B": {}\n  "a/b": {}\n', "line 3: a/b is given twice, first on line 2"),
        ('enrichment_activities:\n  "A/B": {max_concurrent: !python/object/apply:os.system [id]}\n', "line 2: could not determine a constructor"),
        ('enrichment_activities:\n  "A/B": {fields: [2025-99-99]}\n', "line 2: month must be in 1..12"),
        ("enrichment_activities: {\n", "is no YAML"),
    ],
)  # fmt: skip
def test_a_fault_is_a_sentence_with_its_line(load, text, said):
    with pytest.raises(ConfigurationError) as error:
        load(text)
    assert said in str(error.value)


def test_all_faults_are_told_at_once(load):
    with pytest.raises(ConfigurationError) as error:
        load('enrichment_activities:\n  "A/B": {max_concurrent: 0}\n  "A/C": {activity: none}\n')
    assert "line 2" in str(error.value)
    assert "line 3" in str(error.value)


def test_a_missing_file_says_which_parameter_names_it(tmp_path):
    with pytest.raises(ConfigurationError, match=r"does not exist; enrichment\.config names it"):
        configuration.load(tmp_path / "none.yaml")
