"""timeweave check-config says what is amiss in the configuration, where, and what could be added."""

import json

import pytest
import yaml

CONFIG = "config/enrichment_config.yaml"


@pytest.fixture(scope="module")
def project(live_project):
    items = [
        {"space": "Scrum", "database": database, "public_id": str(number)}
        for database in ("Task", "Bug", "Release") for number in (1, 2)
    ]  # fmt: skip
    path = live_project.folder / "data" / "entities.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"schema": 1, "entities": items}))
    return live_project


@pytest.fixture
def config(project):
    path = project.folder / CONFIG
    before = path.read_text()
    yield path
    path.write_text(before)


def test_the_demo_configuration_fits_the_demo_workspace(project):
    done = project.succeed("timeweave", "check-config")
    assert f"{CONFIG} fits the workspace" in done.stdout
    assert (done.returncode, done.stderr) == (0, "")


def test_one_request_is_all_it_takes(project, sandbox):
    sandbox.reset()
    project.call("check-config")
    assert len(sandbox.requests) == 1


def test_the_block_that_it_prints_can_be_pasted(project, config):
    config.write_text("enrichment_activities:\n  default: {activity: default_enrich_entity, max_concurrent: 5}\n")
    found = json.loads(project.call("check-config", "--json").stdout)
    assert "Scrum/Task" in dict(found["unnamed"])
    config.write_text(config.read_text() + found["block"])
    assert "Scrum/Task" in yaml.safe_load(config.read_text())["enrichment_activities"]
    assert json.loads(project.call("check-config", "--json").stdout)["unnamed"] == []


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ('"Scrum/Taks": {activity: enrich_scrum_task, max_concurrent: 5}', "Scrum/Task"),
        ('"Scrum/Task": {activity: enrich_scrum_tsak, max_concurrent: 5}', "enrich_scrum_task"),
        ('"Scrum/Task": {activity: enrich_scrum_task, max_concurrent: 0}', "max_concurrent"),
        ('"Scrum/Task": {activity: enrich_scrum_task, max_concurrent: 5, fields: [Sprnt]}', "Sprint"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_the_nearest_name(project, config, entry, said):
    config.write_text(f"enrichment_activities:\n  default: {{activity: default_enrich_entity}}\n  {entry}\n")
    done = project.call("check-config")
    assert done.returncode == 2
    assert f"{CONFIG}:3" in done.stderr or f"{CONFIG}, line 3" in done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr
