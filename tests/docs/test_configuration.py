"""docs/configuration.md tells the truth: its examples work word by word, its keys are those of params.yaml."""

import re
from datetime import date

import pytest
import yaml

from tests.project import ROOT
from timeweave.analysis import category_rules, team_file
from timeweave.analysis.category import Item, LoggedWork
from timeweave.analysis.expectation import Expectations

PAGE = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
DOCUMENTS = ("data/analysis.json", "data/summaries.json")
TEAM = ("report_team", *DOCUMENTS, "config/templates", "data/reports/team_summary.md",
        "data/reports/team_digest.html", "data/reports/team_digest.txt")  # fmt: skip
SITE = ("build_site", *DOCUMENTS, "config/templates", "data/site")


def example(language, heading=""):
    """The only code block of this language on the page, or below this heading."""
    part = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0] if heading else PAGE
    [found] = re.findall(rf"```{language}\n(.*?)```", part, re.DOTALL)
    return found


@pytest.fixture(scope="module")
def project(prepared_project, tmp_path_factory):
    return prepared_project.duplicate(tmp_path_factory.mktemp("docs"))


@pytest.fixture
def edit(project):
    """Put another text into a file of the project, until the test ends."""
    before = {}

    def edited(name, change):
        path = project.folder / "config" / name
        before.setdefault(path, path.read_text(encoding="utf-8"))
        path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")

    yield edited
    for path, text in before.items():
        path.write_text(text, encoding="utf-8")


def team_report(project):
    assert project.call_stage(*TEAM).returncode == 0
    return (project.folder / "data/reports/team_summary.md").read_text(encoding="utf-8")


def sections(template):
    """A template cut before the condition of each section and after its end."""
    return re.split(r"(?m)(?=^\{% if [^\n]*%\}\n(?:## |<section id))", template)


def test_the_word_of_the_page_can_be_changed(project, edit):
    word = '"no_item": "No work item"'
    assert word in PAGE
    edit("templates/words.j2", lambda text: text.replace(word, '"no_item": "Unplanned"'))
    assert "Unplanned" in team_report(project)


def test_the_section_of_the_page_can_be_moved(project, edit):
    before = team_report(project)

    def moved(text):
        *parts, last = sections(text)
        [items] = [part for part in parts if part.startswith("{% if report.groups %}\n## Work items\n")]
        parts.remove(items)
        where = next(
            n for n, part in enumerate(parts) if part.startswith("{% if report.categories %}\n## Where it went\n")
        )
        return "".join([*parts[:where], items, *parts[where:], last])

    edit("templates/team_summary.md.j2", moved)
    after = team_report(project)
    headings = re.findall(r"(?m)^## .*$", after)
    assert headings.index("## Work items") + 1 == headings.index("## Where it went")
    assert sorted(after.splitlines()) == sorted(before.splitlines())


@pytest.mark.parametrize("name", ["team_summary.md.j2", "individual.md.j2", "toggl_summary.md.j2",
                                  "site/index.html.j2", "site/person.html.j2"])  # fmt: skip
def test_every_section_that_has_a_condition_ends_with_it(name):
    found = sections((ROOT / "config/templates" / name).read_text(encoding="utf-8"))
    assert len(found) > 3
    for part in found[1:]:
        assert len(re.findall(r"\{% if ", part)) == len(re.findall(r"\{% endif ", part)), part


def count_hours(project, name):
    """The whole hours of a person."""
    [seconds] = [one["seconds"] for one in project.read("data/aggregated.json")["people"] if one["name"] == name]
    return seconds // 3600


def test_the_section_of_the_page_can_be_added(project, edit):
    edit("templates/team_summary.md.j2", lambda text: f"{text}\n{example('jinja')}")
    section = team_report(project).partition("## For Monday")[2]
    assert section.count(" h\n") == len(project.read("data/analysis.json")["people"])
    assert f"- Anouk Delisse: {count_hours(project, 'Anouk Delisse')}." in section


def test_the_section_can_be_added_to_the_site(project, edit):
    def added(text):
        head, end, tail = text.rpartition("{% endblock %}")
        return head + example("html") + end + tail

    edit("templates/site/index.html.j2", added)
    assert project.call_stage(*SITE).returncode == 0
    page = (project.folder / "data/site/index.html").read_text(encoding="utf-8")
    assert '<h2 id="monday">For Monday</h2>' in page
    assert f"<li>Anouk Delisse: {count_hours(project, 'Anouk Delisse')}." in page


def test_the_enrichment_of_the_page_fits_the_demo(project, edit):
    edit("demo/enrichment_config.yaml", lambda _: example("yaml", "Enrichment"))
    done = project.call("check-config")
    assert "fits the workspace" in done.stdout


def test_the_team_of_the_page_is_read_and_says_what_the_page_does(tmp_path):
    path = tmp_path / "team.yaml"
    path.write_text(example("yaml", "Team"), encoding="utf-8")
    file = team_file.load(path)
    zofia, ruben = file.people
    find_day = Expectations(file, date(2025, 10, 14)).find_day
    assert [find_day(ruben, date(2025, 10, day)).expected for day in (3, 8, 9, 13, 14)] == [0, 23040, 0, 11520, 0]
    assert [find_day(zofia, day).expected for day in (date(2024, 2, 29), date(2024, 3, 1))] == [0, 28800]
    assert [ruben.find_team(date(2025, month, 1)) for month in (5, 6)] == ["engineering", "mobile"]


def test_the_categories_of_the_page_are_read_and_say_what_the_page_does(tmp_path):
    path = tmp_path / "categories.yaml"
    path.write_text(example("yaml", "Categories"), encoding="utf-8")
    categorize = category_rules.load(path).categorize
    bug = Item("Scrum", "Bug", {"Source": "Customer"})
    works = [
        LoggedWork(bug),
        LoggedWork(Item("Scrum", "Bug")),
        LoggedWork(bug, text="Stand-up"),
        LoggedWork(None),
        LoggedWork(Item("Scrum", "Chore")),
    ]
    assert [categorize(work).key for work in works] == ["support", "bugs", "meetings", "unplanned", "uncategorized"]


@pytest.mark.parametrize(
    ("heading", "shape"),
    [("Team", team_file.Person), ("Categories", category_rules.Rule)],
)
def test_the_page_names_every_key_that_may_be_written(heading, shape):
    section = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    listed = set(re.findall(r"`(\w+)`", "".join(re.findall(r"(?m)^\| (`[^|]*) \|", section))))
    assert listed == {one.alias or name for name, one in shape.model_fields.items()}


def test_a_mistake_names_the_file_and_the_line(project, edit):
    lines = []

    def broken(text):
        lines.append(text.count("\n") + 1)
        return text + "{{ report.peple }}\n"

    edit("templates/team_summary.md.j2", broken)
    done = project.call_stage(*TEAM)
    assert done.returncode == 2
    assert done.stderr.startswith(f"report_team: config/templates/team_summary.md.j2, line {lines[0]}: ")
    assert done.stderr.partition(": ")[2].partition(": ")[2].strip() in PAGE
    assert "Traceback" not in done.stderr


def test_every_key_of_params_yaml_is_on_the_page():
    params = yaml.safe_load((ROOT / "params.yaml").read_text())
    for section, content in params.items():
        keys = (
            [section]
            if section == "period" or not isinstance(content, dict)
            else [f"{section}.{key}" for key in content]
        )
        for key in keys:
            assert f"`{key}`" in PAGE, key
