"""docs/configuration.md tells the truth: its example works word by word, its keys are those of params.yaml."""

import re

import pytest
import yaml

from tests.project import ROOT, Project

PAGE = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
[EXAMPLE] = re.findall(r"```jinja\n(.*?)```", PAGE, re.DOTALL)
TEAM = ("./python", "stages/report_team.py", "data/aggregated.json", "data/enriched.json", "data/summaries.json",
        "config/templates", "data/reports/team_summary.md", "data/metrics.json", "data/plots")  # fmt: skip


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    project = Project.copy(tmp_path_factory.mktemp("docs"))
    project.succeed("dvc", "repro", "report_team")
    return project


@pytest.fixture
def template(project):
    path = project.folder / "config/templates/team_summary.md.j2"
    before = path.read_text()
    yield path
    path.write_text(before)


def test_the_section_of_the_page_can_be_added(project, template):
    template.write_text(template.read_text() + "\n" + EXAMPLE)
    project.succeed(*TEAM)
    report = (project.folder / "data/reports/team_summary.md").read_text(encoding="utf-8")
    section = report.partition("## For Monday")[2]
    assert section.count(" h, ") == len(project.read("data/aggregated.json")["people"])
    assert "- Anouk Delisse: 39" in section


def test_the_word_of_the_page_can_be_changed(project):
    path = project.folder / "config/templates/words.j2"
    before = path.read_text()
    assert '"no_item": "No work item"' in before
    path.write_text(before.replace('"no_item": "No work item"', '"no_item": "Unplanned"'))
    project.succeed(*TEAM)
    path.write_text(before)
    assert "Unplanned" in (project.folder / "data/reports/team_summary.md").read_text(encoding="utf-8")


def test_a_mistake_names_the_file_and_the_line(project, template):
    text = template.read_text()
    template.write_text(text + "{{ report.peple }}\n")
    done = project.run(*TEAM)
    assert done.returncode == 2
    line = text.count("\n") + 1
    assert done.stderr.startswith(f"report_team: config/templates/team_summary.md.j2, line {line}: ")
    assert "peple" in done.stderr
    assert "Traceback" not in done.stderr


def test_every_key_of_params_yaml_is_on_the_page():
    params = yaml.safe_load((ROOT / "params.yaml").read_text())
    for section, content in params.items():
        keys = [f"{section}.{key}" for key in content] if section in ("toggl", "fibery", "enrichment") else [section]
        for key in keys:
            assert f"`{key}`" in PAGE, key
