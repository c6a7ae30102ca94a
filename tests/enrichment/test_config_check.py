"""The configuration checked on its own."""

import msgspec
import pytest
import yaml

from tests.enrichment.conftest import AS_OF, SHIPPED, key
from timeweave.enrichment.config_check import check_config
from timeweave.fibery.connection import FiberySettings
from timeweave.models.entities import Entities
from timeweave.runtime.errors import ConfigurationError


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
