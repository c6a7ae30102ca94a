"""Which prompt an item is asked with."""

import shutil

import pytest

from tests.llm.period import CONFIG, PROMPTS
from timeweave.llm.prompts import Prompts
from timeweave.runtime.errors import ConfigurationError

SHIPPED = Prompts(PROMPTS, CONFIG)


@pytest.mark.parametrize(("database", "kind"), [
    ("Scrum/Task", "task"), ("Scrum/Sub-task", "task"), ("Scrum/Bug", "bug"), ("Scrum/Sub-bug", "bug"), ("Scrum/Feature", "feature"),
    ("Product/Feature", "feature"), ("Scrum/Build", "build"), ("Scrum/Chore", "chore"), ("Design/Work Version", "default"), ("", "default"),
])  # fmt: skip
def test_a_database_has_the_prompt_of_its_name_or_the_default(database, kind):
    assert SHIPPED.kind(database) == kind


def written(tmp_path, entry):
    config = tmp_path / "config.yaml"
    config.write_text(f"enrichment_activities:\n  {entry}\n")
    return config


def test_the_configuration_chooses_another_in_any_case(tmp_path):
    prompts = Prompts(PROMPTS, written(tmp_path, '"Design/Work Version": {prompt: feature}'))
    assert prompts.kind("design/work version") == "feature"


def test_a_prompt_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ConfigurationError, match=r"has no prompt epic\.j2"):
        Prompts(PROMPTS, written(tmp_path, '"Scrum/Epic": {prompt: epic}'))


@pytest.mark.parametrize("value", ["../../etc/passwd", "3", "[a]", "''"])
def test_a_prompt_is_a_name_and_no_path(tmp_path, value):
    with pytest.raises(ConfigurationError, match="prompt is the name of a file"):
        Prompts(PROMPTS, written(tmp_path, f'"Scrum/Epic": {{prompt: {value}}}'))


def test_a_missing_system_prompt_is_named(tmp_path):
    shutil.copytree(PROMPTS, tmp_path / "prompts")
    (tmp_path / "prompts" / "system.j2").unlink()
    with pytest.raises(ConfigurationError, match=r"no prompt system\.j2"):
        Prompts(tmp_path / "prompts", CONFIG)
