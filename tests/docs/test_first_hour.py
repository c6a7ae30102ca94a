"""Every command of the README and of docs/ is one that there is; those in blocks do on the demo what the page says."""

import re
import shlex

import pytest

from tests.project import ROOT, call
from timeweave.analysis import category_rules, team_file
from timeweave.cli import run_command

DOCS = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").glob("*.md"))
PAGES = {name: (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", *DOCS)}
FIRST = ("README.md", "docs/first-hour.md")
LONG = ("run", "backfill")
"""What takes a while: here it only says what it would do."""
ELSEWHERE = ("init", "temporal", "worker")
"""What needs accounts or a server, which other tests have: here it only has the options of the page."""


def list_commands():
    """Each command of timeweave in a block for the shell, by its page."""
    for page, text in PAGES.items():
        for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL):
            for line in block.splitlines():
                for command in re.split(r"&&|\|", line):
                    if command.strip().startswith("timeweave"):
                        yield page, shlex.split(command, comments=True)[1:]


COMMANDS = sorted({tuple(command) for _, command in list_commands()})


@pytest.fixture(scope="module")
def project(prepared_project, tmp_path_factory):
    return prepared_project.duplicate(tmp_path_factory.mktemp("first-hour"))


def list_mentions():
    """Each command within the text of a page, options and all."""
    for page, text in PAGES.items():
        for code in re.findall(r"`timeweave ([^`]+)`", re.sub(r"(?s)```.*?```", "", text)):
            yield page, tuple(code.split())


def check_options(command):
    path = command[: 2 if command[0] in ("schedule", "temporal") else 1] if command[0][0] != "-" else ()
    shown = call(lambda: run_command([*path, "--help"]), command, ROOT, {})
    assert shown.returncode == 0, command
    options = {one.partition("=")[0].rstrip(",;") for one in command if one.startswith("-")}
    assert options <= set(re.findall(r"--?[a-z][a-z-]*", shown.stdout)), command


def test_the_pages_show_commands():
    assert {page for page, _ in list_commands()} >= {*FIRST, "docs/operating.md"}
    assert len(COMMANDS) > 8


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_command_of_the_pages_works_on_the_demo(project, command):
    name = command[0]
    if name in ELSEWHERE or "--engine" in command:
        check_options(command)
        return
    done = project.call(*command, *(["--dry-run"] if name in LONG and "--dry-run" not in command else []))
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("command", sorted({command for _, command in list_mentions()}), ids=" ".join)
def test_a_command_that_a_page_mentions_exists_with_its_options(command):
    check_options(command)


def test_a_month_is_backfilled_by_the_whole_weeks_that_begin_in_it_and_a_span_to_the_day(project):
    month = project.call("backfill", "--period", "last-month", "--dry-run").stdout
    assert "2025-09-01 to 2025-09-07\n" in month
    assert "2025-09-29 to 2025-10-05\n" in month
    span = project.call("backfill", "--from", "2025-09-02", "--to", "2025-09-30", "--dry-run").stdout
    assert "2025-09-02 to 2025-09-07\n" in span
    assert "2025-09-29 to 2025-09-30\n" in span


def test_the_files_of_the_page_are_read_as_it_says(tmp_path):
    team, categories = re.findall(r"```yaml\n(.*?)```", PAGES["docs/first-hour.md"], re.DOTALL)
    path = tmp_path / "file.yaml"
    path.write_text(team, encoding="utf-8")
    assert team_file.load(path).people[0].absences[0].reason == "vacation"
    path.write_text(categories, encoding="utf-8")
    assert category_rules.load(path).rules[0].key == "support"


def find_anchors(page):
    """What the headings of a page are linked by, as GitHub makes it."""
    headings = re.findall(r"(?m)^#+ (.*)$", re.sub(r"(?s)```.*?```", "", page.read_text(encoding="utf-8")))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_link_leads_to_a_page_and_to_a_heading_that_are_there():
    for page, text in PAGES.items():
        for target, anchor in re.findall(r"\]\((?!https?:)([^)#]*)#?([^)]*)\)", text):
            path = (ROOT / page).parent / target if target else ROOT / page
            assert path.exists(), f"{page}: {target}"
            assert not anchor or anchor in find_anchors(path), f"{page}: {target}#{anchor}"


def test_the_readme_is_short():
    assert len(PAGES["README.md"].splitlines()) < 75
