"""The configuration held against the schema."""

import pytest

from tests.enrichment.workspaces import KNOWN, configured, match
from timeweave.enrichment.schema_check import describe_unknown_field, match_entries, suggest_label
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
        ('  "Scrum/Feature":\n    estimate:\n      unit: hours\n      field: Budgte\n', "line 5: Scrum/Feature has no field Budgte; did you mean Budget"),
        ('  "Scrum/Task": {spent: {field: Sprint, unit: hours}}\n', "line 2: Scrum/Task: Sprint is not a field of numbers; choose from Time spent (H)"),
        ('  "Scrum/Task": {estimate: {field: State, unit: points}}\n', "line 2: Scrum/Task: State is not a field of numbers; choose from Time spent (H)"),
        ("  default: {estimate: {field: Budgte, unit: points}}\n", "line 2: no database has a field Budgte; did you mean Budget"),
        ("  default: {estimate: {field: Sprint, unit: points}}\n", "line 2: default: Sprint is not a field of numbers; choose from Budget, Time spent (H)"),
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


def test_an_estimate_of_default_counts_where_a_database_has_it_as_numbers(tmp_path):
    found = match(
        tmp_path, "  default: {estimate: {field: Budget, unit: points}, spent: {field: Time spent (H), unit: hours}}\n"
    )
    assert "estimate" in found.choose_columns(KNOWN.get_type("Scrum/Feature")).by_alias
    assert "spent" in found.choose_columns(KNOWN.get_type("Scrum/Task")).by_alias
    assert {"estimate", "spent"}.isdisjoint(found.choose_columns(KNOWN.get_type("Scrum/Epic")).by_alias)


def test_without_texts_no_document_is_asked_for(tmp_path):
    found = match(tmp_path, '  "Scrum/Task": {fields: [Notes, comments, Sprint]}\n')
    task = KNOWN.get_type("Scrum/Task")
    full, short = found.choose_columns(task), found.choose_columns(task, with_texts=False)
    assert full.labels == ("Notes", "comments", "Sprint")
    assert short.labels == ("Sprint",)
    assert full.description and "comments" in full.by_alias
    assert short.description is None
    assert "comments" not in short.by_alias
    assert not any(column.is_document for column in short.by_alias.values())
    assert {column.path for column in short.by_alias.values()} < {column.path for column in full.by_alias.values()}


UNKNOWN = '  "Scrum/Task": {fields: [Sprnt, Sprint]}\n  "Scrum/Feature": {fields: [Due date]}\n  default: {fields: [Budgte]}\n'


def test_unknown_fields_may_be_left_out_and_are_told_with_what_was_probably_meant(tmp_path):
    found = match_entries(configured(tmp_path, UNKNOWN), KNOWN, refuse_unknown_fields=False)
    assert [describe_unknown_field(one) for one in found.unknown_fields] == [
        "Scrum/Task has no field Sprnt; did you mean Sprint?",
        "Scrum/Feature has no field Due date",
        "no database has a field Budgte; did you mean Budget?",
    ]
    assert found.choose_columns(KNOWN.get_type("Scrum/Task")).labels == ("Sprint",)


def test_or_are_an_error_with_all_of_them(tmp_path):
    with pytest.raises(ConfigurationError) as error:
        match_entries(configured(tmp_path, UNKNOWN), KNOWN)
    assert "line 2: Scrum/Task has no field Sprnt" in str(error.value)
    assert "line 3: Scrum/Feature has no field Due date" in str(error.value)
    assert "line 4: no database has a field Budgte" in str(error.value)


@pytest.mark.parametrize(
    ("label", "labels", "meant"),
    [
        ("Sprnt", ["Print", "Sprint", "Points"], "Sprint"),
        ("Effort", ["Effort (pt)", "Effect", "Export"], "Effort (pt)"),
        ("Story Point", ["Story", "Story Points", "Points"], "Story Points"),
        ("Time spent", ["Time spent (H)", "Feature time spent (H)"], "Time spent (H)"),
        ("priorty", ["Priority", "Property"], "Priority"),
        ("Due date", ["Start Date", "End Date", "Launch Date"], None),
        ("Severity", ["Seniority", "Several"], None),
        ("Story Points", ["Effort (pt)", "History"], None),
        ("?", ["Name"], None),
    ],
)
def test_a_suggestion_is_made_by_words_and_only_where_it_is_better_than_a_guess(label, labels, meant):
    assert suggest_label(label, labels) == meant


def test_an_unknown_estimate_is_told_as_an_unknown_field_and_once(tmp_path):
    text = '  "Scrum/Feature": {fields: [Budgte], estimate: {field: Budgte, unit: points}, spent: {field: Hours, unit: hours}}\n'
    found = match_entries(configured(tmp_path, text), KNOWN, refuse_unknown_fields=False)
    assert [one.field for one in found.unknown_fields] == ["Budgte", "Hours"]
    assert {"estimate", "spent"}.isdisjoint(found.choose_columns(KNOWN.get_type("Scrum/Feature")).by_alias)
