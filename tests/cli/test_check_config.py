"""timeweave check-config says what is amiss in the configuration, where, and what could be added."""

import json
import re

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
    done = project.call("check-config")
    assert f"{CONFIG} fits the workspace" in done.stdout
    assert (done.returncode, done.stderr) == (0, "")


def test_team_and_categories_are_checked_as_well(project):
    done = project.call("check-config")
    assert re.search(r"(?m)^config/team\.yaml is in order: \d+ people, \d+ teams$", done.stdout)
    assert re.search(r"(?m)^config/categories\.yaml is in order: \d+ categories$", done.stdout)


@pytest.fixture
def write(project):
    """Put another text into a file of config/, until the test ends."""
    before = {}

    def written(name, text):
        path = project.folder / "config" / name
        before.setdefault(path, path.read_text())
        path.write_text(text)

    yield written
    for path, text in before.items():
        path.write_text(text)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("team.yaml", "people:\n  - {emial: a@b.example}\n", "config/team.yaml, line 2: emial is not known; did you mean email"),
        ("categories.yaml", "categories:\n  - {key: a, tga: b}\n", "config/categories.yaml, line 2: tga is not known; did you mean tag"),
    ],
)  # fmt: skip
def test_a_mistake_in_them_is_named_before_anybody_is_asked(project, sandbox, write, name, text, said):
    write(name, text)
    sandbox.reset()
    done = project.call("check-config")
    assert (done.returncode, sandbox.requests) == (2, [])
    assert said in done.stderr


def test_people_who_are_in_one_of_team_yaml_and_toggl_only_are_named(project, write, tmp_path):
    write("team.yaml", "people:\n  - {email: mira@heliotrope.example}\n  - {email: jonas@heliotrope.example}\n")
    people = [
        {"user_id": n, "name": name.title(), "email": f"{name}@heliotrope.example", "active": True}
        for n, name in enumerate(("anouk", "mira"), 1)
    ]
    lists = {key: [] for key in ("projects", "clients", "tags", "tasks")}
    account = {"source": "demo", "url": None, "workspace_id": 1}
    path = tmp_path / "directory.json"
    path.write_text(json.dumps({"schema": 1, "account": account, "workspace": "W", "people": people} | lists))
    said = project.call("check-config", "--directory", str(path)).stdout
    assert "  Anouk anouk@heliotrope.example: Toggl lists them, and nothing is expected of them\n" in said
    assert (
        "  jonas@heliotrope.example: Toggl lists nobody with this address; put a person's other addresses into `aliases`\n"
        in said
    )
    assert said.count("mira") == 0


def test_a_rule_that_asks_for_a_field_that_is_not_fetched_is_named(project, write):
    write("categories.yaml", "categories:\n  - {key: a, any: [{field: {Weather: Rain}}, {field: {severity: High}}]}\n")
    said = f"  Weather: no database in {CONFIG} fetches this field, so that it never matches\n"
    assert said in project.call("check-config").stdout
    assert json.loads(project.call("check-config", "--json").stdout)["unread_fields"] == ["Weather"]


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
