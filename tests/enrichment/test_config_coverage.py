"""The configuration checked on its own."""

import msgspec
import pytest
import yaml

from tests.enrichment.conftest import AS_OF, SHIPPED, key
from timeweave.enrichment.config_coverage import check_config, check_fields
from timeweave.enrichment.config_file import EnrichmentSettings
from timeweave.fibery.connection import FiberySettings
from timeweave.models.entities import Entities
from timeweave.runtime.errors import ConfigurationError
from timeweave.sandbox.company import FIBERY_TOKEN


@pytest.fixture
def check(tmp_path):
    def run(text, *references):
        config, entities = tmp_path / "config.yaml", tmp_path / "entities.json"
        config.write_text(text, encoding="utf-8")
        entities.write_bytes(msgspec.json.encode(Entities(entities=list(references))))
        return check_config(config, entities, source="demo", settings=FiberySettings(), as_of=AS_OF)

    return run


TASKS = 'enrichment_activities:\n  "Scrum/Task": {}\n'


def test_the_shipped_configuration_fits_the_demo(tmp_path):
    found = check_config(SHIPPED, tmp_path / "none.json", source="demo", settings=FiberySettings(), as_of=AS_OF)
    assert (found.has_default, found.unnamed, found.block) == (True, [], "")
    assert found.text == f"{SHIPPED} fits the workspace: 10 databases named"


def test_databases_with_time_and_without_an_entry_are_listed_with_a_block_that_can_be_pasted(check):
    logged = [key("scrum", "chore", 1), key("Scrum", "Chore", 2), key("Bug", "Scrum", 3), key("Scrum", "Task", 4)]
    found = check(TASKS, *logged, key("Nowhere", "Bug", 5), key(None, None, 6))
    assert found.unnamed == [("Scrum/Chore", 2), ("Scrum/Bug", 1)]
    assert "  Scrum/Chore: 2 items\n  Scrum/Bug: 1 item\n" in found.text
    assert "without a `default` they are not read" in found.text
    assert found.block.rstrip() in found.text
    pasted = yaml.safe_load(TASKS + found.block)["enrichment_activities"]
    assert pasted["Scrum/Bug"]["fields"][:2] == ["Priority", "Severity"]
    assert check(TASKS + found.block, *logged).unnamed == []


def test_a_fault_is_told_as_the_stage_tells_it(check):
    with pytest.raises(ConfigurationError, match="line 2: Fibery has no database Scrum/Taks; did you mean Scrum/Task"):
        check('enrichment_activities:\n  "Scrum/Taks": {}\n')


@pytest.fixture
def fields(tmp_path, monkeypatch, sandbox):
    """The check that a run begins with, in a project of its own, and how many requests it took."""
    monkeypatch.setenv("FIBERY_API_TOKEN", FIBERY_TOKEN)
    monkeypatch.chdir(tmp_path)
    settings = FiberySettings(url=sandbox.url, account="heliotrope", requests_per_second=1000)

    def check(text, on_unknown_field="warn"):
        (tmp_path / "config.yaml").write_text(text, encoding="utf-8")
        given, before = (
            EnrichmentSettings(config="config.yaml", on_unknown_field=on_unknown_field),
            len(sandbox.requests),
        )
        return check_fields(given, tmp_path, "live", settings, AS_OF), len(sandbox.requests) - before

    return check


def test_a_run_asks_for_the_schema_once_and_takes_the_kept_one_where_the_configuration_fits_it(fields):
    assert fields(TASKS) == ([], 1)
    assert fields(TASKS) == ([], 0)


UNKNOWN = 'enrichment_activities:\n  "Scrum/Task": {fields: [Storey Points]}\n'


def test_a_field_that_is_not_there_is_a_warning_after_fibery_was_asked_whether_it_is_there_by_now(fields):
    said = "config.yaml: Scrum/Task has no field Storey Points; did you mean Story Points?"
    assert fields(UNKNOWN) == ([said], 1)
    assert fields(UNKNOWN) == ([said], 1)


def test_or_an_error_where_the_parameters_say_so(fields):
    with pytest.raises(ConfigurationError, match=r"config\.yaml, line 2: Scrum/Task has no field Storey Points"):
        fields(UNKNOWN, "fail")


def test_a_fibery_that_is_away_stops_no_run_before_toggl_was_asked(tmp_path, monkeypatch):
    monkeypatch.setenv("FIBERY_API_TOKEN", FIBERY_TOKEN)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.yaml").write_text(TASKS, encoding="utf-8")
    settings = FiberySettings(url="http://127.0.0.1:9", account="heliotrope", requests_per_second=1000)
    [warning] = check_fields(EnrichmentSettings(config="config.yaml"), tmp_path, "live", settings, AS_OF)
    assert warning.startswith("config.yaml was not checked against Fibery: Fibery at 127.0.0.1:9 cannot be reached")
