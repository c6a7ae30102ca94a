"""Every command of README.md and docs/first-hour.md is one that there is, and does on the demo what the page says."""

import re
import shlex

import pytest

from tests.project import ROOT
from timeweave.analysis import category_file, team_file

PAGES = {name: (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "docs/first-hour.md")}
LONG = ("run", "backfill")
"""What takes a while: here it only says what it would do."""


def list_commands():
    """Each command of timeweave in a block for the shell, by its page."""
    for page, text in PAGES.items():
        for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL):
            for line in block.splitlines():
                for command in line.split("&&"):
                    if command.strip().startswith("timeweave"):
                        yield page, shlex.split(command, comments=True)[1:]


COMMANDS = sorted({tuple(command) for _, command in list_commands()})


@pytest.fixture(scope="module")
def project(prepared_project, tmp_path_factory):
    return prepared_project.duplicate(tmp_path_factory.mktemp("first-hour"))


def test_the_pages_show_commands():
    assert {page for page, _ in list_commands()} == set(PAGES)
    assert len(COMMANDS) > 8


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_command_of_the_pages_works_on_the_demo(project, command):
    name = command[0]
    if name == "init":
        shown = project.call("init", "--help").stdout
        assert all(one in shown for one in command if one.startswith("--"))
        return
    done = project.call(*command, *(["--dry-run"] if name in LONG else []))
    assert done.returncode == 0, done.stderr


def test_a_month_is_backfilled_by_the_whole_weeks_that_begin_in_it_and_a_span_to_the_day(project):
    month = project.succeed("timeweave", "backfill", "--period", "last-month", "--dry-run").stdout
    assert "2025-09-01 to 2025-09-07\n" in month
    assert "2025-09-29 to 2025-10-05\n" in month
    span = project.succeed("timeweave", "backfill", "--from", "2025-09-02", "--to", "2025-09-30", "--dry-run").stdout
    assert "2025-09-02 to 2025-09-07\n" in span
    assert "2025-09-29 to 2025-09-30\n" in span


def test_the_files_of_the_page_are_read_as_it_says(tmp_path):
    team, categories = re.findall(r"```yaml\n(.*?)```", PAGES["docs/first-hour.md"], re.DOTALL)
    path = tmp_path / "file.yaml"
    path.write_text(team, encoding="utf-8")
    assert team_file.load(path).people[0].absences[0].reason == "vacation"
    path.write_text(categories, encoding="utf-8")
    assert category_file.load(path).rules[0].key == "support"


def test_each_page_that_the_readme_names_is_there():
    for page, text in PAGES.items():
        for target in re.findall(r"\]\(([^)#:]+)[^)]*\)", text):
            assert ((ROOT / page).parent / target).exists(), f"{page}: {target}"
    assert len(PAGES["README.md"].splitlines()) < 75
