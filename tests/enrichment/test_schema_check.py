"""The configuration held against the schema."""

import pytest

from tests.enrichment.workspaces import KNOWN, match
from timeweave.runtime.errors import ConfigurationError


def test_databases_are_found_in_any_case(tmp_path):
    found = match(tmp_path, '  "scrum/TASK": {max_concurrent: 2}\n')
    assert list(found.named) == ["Scrum/Task"]
    assert found.find_limit("Scrum/Task") == 2
    assert found.find_limit("Scrum/Bug") == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('  "Scrum/Taks": {}\n', "line 2: Fibery has no database Scrum/Taks; did you mean Scrum/Task"),
        ('  "Scrum/Task": {fields: [Sprnt]}\n', "line 2: Scrum/Task has no field Sprnt; did you mean Sprint"),
        ('  "Scrum/Sub-task": {}\n  "Scrum/Sub_task": {}\n', "line 3: Scrum/Sub_task and the entry on line 2 are both Scrum/Sub-task"),
        ('  "Scrum/Task":\n    fields:\n      - Sprint\n      - sprint\n', "line 5: Scrum/Task: sprint is listed twice"),
        ("  Default: {fields: [Budget, Budgte]}\n", "line 2: no database has a field Budgte"),
        ("  default: {fields: [Budgte]}\n", "line 2: no database has a field Budgte; did you mean Budget"),
    ],
)  # fmt: skip
def test_unknown_names_are_told_with_their_line_and_the_nearest(tmp_path, text, said):
    with pytest.raises(ConfigurationError) as error:
        match(tmp_path, text)
    assert said in str(error.value)


def test_fields_of_default_count_where_a_database_has_them(tmp_path):
    found = match(tmp_path, "  default: {fields: [Budget]}\n")
    assert found.choose_columns(KNOWN.get_type("Scrum/Feature")).labels == ("Budget",)
    assert found.choose_columns(KNOWN.get_type("Scrum/Task")).labels == ()


def test_a_label_keeps_the_spelling_of_the_configuration(tmp_path):
    found = match(tmp_path, '  "Scrum/Task": {fields: [sprint]}\n')
    assert found.choose_columns(KNOWN.get_type("Scrum/Task")).labels == ("sprint",)
