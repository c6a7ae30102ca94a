"""timeweave init: each answer is tried, the configuration fits the workspace, tokens stay out of git, own files are kept."""

import functools
import shutil
import stat
from datetime import UTC, datetime

import pytest
import yaml

from tests.conftest import TOKENS
from tests.other_workspace import OtherWorkspace, translate
from tests.project import ROOT, Project
from tests.terminal import typed
from timeweave.cli import account_questions
from timeweave.fibery.connection import FiberySettings
from timeweave.project.account_setup import read_fibery_settings
from timeweave.runtime.errors import ConfigurationError
from timeweave.sandbox.company import FIBERY_TOKEN, TOGGL_MEMBER_TOKEN, TOGGL_TOKEN, WORKSPACE_ID
from timeweave.toggl.connection import TogglSettings
from timeweave.web.client import ATTEMPTS

LONG_KEY = "5a4db0c5" * 5
FILES = ("enrichment_config", "team", "categories")


@pytest.fixture(scope="module")
def workspace():
    with OtherWorkspace(datetime.now(UTC).date()) as running:
        yield running


@pytest.fixture(scope="module")
def options(workspace):
    return [
        "init", "--toggl-url", workspace.url, "--fibery-url", workspace.url, "--fibery-account", "nordwind",
        "--timezone", "Europe/Lisbon", "--yes",
    ]  # fmt: skip


def quicken(project):
    """The sandbox does not mind how fast it is asked."""
    project.set_params(toggl__requests_per_second=1000, fibery__requests_per_second=1000)
    project.succeed("git", "commit", "-qam", "At any pace")
    return project


@pytest.fixture(scope="module")
def started(options, tmp_path_factory):
    """A project after `timeweave init` by options, and what that said."""
    project = quicken(Project.copy(tmp_path_factory.mktemp("started")))
    (project.folder / ".env").write_text("OTHER=1\nTOGGL_API_TOKEN=old\n")
    done = project.call(*options, **TOKENS)
    assert done.returncode == 0, done.stderr
    return project, done


def test_after_init_a_run_of_last_week_finds_the_items_and_reads_no_entry_again(started, workspace):
    project, _ = started
    workspace.reset()
    done = project.call_run("--period", "last-week", "--run-id", "first")
    assert done.returncode == 0, done.stderr
    assert not [one for one in workspace.requests if one.service == "toggl"]
    complete = [one for one in project.read("runs/first/enriched.json")["entities"] if one["space"] and one["database"]]
    assert len(complete) > 50
    assert sum(one["status"] == "found" for one in complete) >= 0.9 * len(complete)
    findings = project.read("runs/first/analysis.json")["findings"]
    assert not {one["kind"] for one in findings} & {"missing_day", "short_day", "missing_person"}


def test_the_configuration_is_made_for_this_workspace_and_says_what_to_look_at(started):
    project, done = started
    enrichment, team, categories = ((project.folder / f"config/{name}.yaml").read_text() for name in FILES)
    entry = yaml.safe_load(enrichment)["enrichment_activities"]["Werkbank/Zettel"]
    assert entry["estimate"] == {"field": "Aufwand (H)", "unit": "hours"}
    assert entry["spent"] == {"field": "Hours really booked", "unit": "hours"}
    assert {"Urgency", "Sprint"} <= set(entry["fields"])
    assert "- {email: mira.zinnober@nordwind.example} # Mira Zinnober, Europe/Lisbon, " in team
    assert yaml.safe_load(team)["defaults"] is None
    assert "database: Werkbank/Mangel" in categories
    assert "key: meetings" in categories
    assert len(done.stdout.splitlines()) <= 10
    assert "config/team.yaml: 11 people, no teams, nothing expected" in done.stdout
    assert "requests   at least" in done.stderr
    checked = project.call("check-config")
    assert checked.returncode == 0, checked.stderr
    assert "is in order: 11 people" in checked.stdout


def test_tokens_are_the_owner_s_only_and_comments_stay(started, workspace):
    project, done = started
    assert "workspace Nordwind, the token is an admin's" in done.stderr
    assert TOGGL_TOKEN not in done.stdout + done.stderr
    path = project.folder / ".env"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text() == f"OTHER=1\nTOGGL_API_TOKEN={TOGGL_TOKEN}\nFIBERY_API_TOKEN={FIBERY_TOKEN}\n"
    held = yaml.safe_load((project.folder / "params.yaml").read_text())
    assert (held["source"], held["toggl"]["workspace_id"], held["fibery"]["account"]) == (
        "live", WORKSPACE_ID, "nordwind",
    )  # fmt: skip
    assert held["toggl"]["url"] == workspace.url
    assert held["period"]["timezone"] == "Europe/Lisbon"
    assert held["analysis"]["team"] == "config/team.yaml"
    assert ".env" not in project.succeed("git", "status", "--short").stdout


def test_files_that_somebody_wrote_are_kept_and_the_proposal_lies_beside_them(started, options, tmp_path):
    project = started[0].duplicate(tmp_path / "own")
    path = project.folder / "config/team.yaml"
    path.write_text("people: [{email: somebody@nordwind.example}]\n")
    project.succeed("git", "commit", "-qam", "Our team")
    done = project.call(*options, **TOKENS)
    assert done.returncode == 0, done.stderr
    assert path.read_text() == "people: [{email: somebody@nordwind.example}]\n"
    assert "mira.zinnober" in (project.folder / "config/team.proposed.yaml").read_text()
    assert "kept as they are: config/team.yaml" in done.stdout
    assert "proposed" not in project.succeed("git", "status", "--short").stdout
    assert not list(project.folder.glob("config/categories.proposed.yaml"))


def test_on_a_terminal_a_wrong_answer_is_asked_for_again_and_no_other(small_project, options, workspace):
    answers = [
        "wrong", TOGGL_TOKEN, LONG_KEY, "https://nordwind.fibery.io/Werkbank", "wrong", "alsowrong", FIBERY_TOKEN, "", "y",
    ]  # fmt: skip
    code, shown = typed(small_project, "timeweave", *options[:5], "--no-report", answers=answers)
    assert code == 0, shown
    assert f"Toggl at {workspace.url} does not accept this token; for your own, set toggl.url in params.yaml" in shown
    assert "Toggl API token (an admin's, to see the whole team, from the bottom of track.toggl.com/profile): " in shown
    assert "Fibery account: nordwind\n" in shown
    assert "Fibery account: that is not an account; write only the first word" in shown
    refused = (
        f"Fibery does not accept this key in the account nordwind at {workspace.url}; for your own, set fibery.url"
    )
    again = f"{refused} in params.yaml to null\nTry another key; if nordwind is not your account, press Ctrl-C and begin again."
    assert shown.count(again) == 2
    assert shown.count("Fibery account (the address of any page") == 2
    assert shown.count("Fibery API key (Fibery makes one under Settings, API keys): \n") == 3
    assert shown.count("Try again, or press Ctrl-C to leave.") == 2
    assert shown.count(LONG_KEY) == 1, "as it was typed, and never again"
    for secret in ("wrong", TOGGL_TOKEN, FIBERY_TOKEN):
        assert secret not in shown
    held = yaml.safe_load((small_project.folder / "params.yaml").read_text())
    assert (held["fibery"]["account"], held["period"]["timezone"]) == ("nordwind", "Europe/Lisbon")
    assert "Werkbank/Zettel" in (small_project.folder / "config/enrichment_config.yaml").read_text()


def test_where_fibery_does_not_answer_the_same_account_is_tried_again_with_the_same_key(workspace, monkeypatch, capsys):
    answers = {account_questions.ACCOUNT: ["nordwind", "nordwind"], account_questions.FIBERY_TOKEN: [FIBERY_TOKEN]}
    monkeypatch.setenv("FIBERY_API_TOKEN", "")
    monkeypatch.setattr(account_questions, "is_on_terminal", lambda: True)
    monkeypatch.setattr(account_questions, "_answer", lambda name, default: answers[name].pop(0))
    fibery = FiberySettings(url=workspace.url, requests_per_second=1000)
    given = account_questions.Given(TogglSettings(), fibery, "", "", "", "")
    workspace.behaviour.script = ["500"] * ATTEMPTS
    assert account_questions._ask_fibery(given, datetime.now(UTC).date()).account == "nordwind"
    shown = capsys.readouterr().err
    assert "try again later\nTry again, or press Ctrl-C to leave.\n" in shown
    assert "another key" not in shown
    assert answers == {account_questions.ACCOUNT: [], account_questions.FIBERY_TOKEN: []}


def test_tokens_of_the_env_file_and_accounts_of_params_yaml_count_and_at_a_terminal_enter_keeps_them(
    small_project, options
):
    (small_project.folder / ".env").write_text("".join(f"{name}={value}\n" for name, value in TOKENS.items()))
    (small_project.folder / ".env").chmod(0o600)
    done = small_project.call(*options)
    assert done.returncode == 0, done.stderr
    assert "Next: set hours in config/team.yaml; then timeweave check-config" in done.stdout
    held = (small_project.folder / "params.yaml").read_text()
    again = small_project.call("init", "--yes")
    assert again.returncode == 0, again.stderr
    assert (small_project.folder / "params.yaml").read_text() == held
    code, shown = typed(small_project, "timeweave", *options, "--no-report", answers=["", "", "y"])
    assert code == 0, shown
    assert "Toggl API token (from .env; Enter keeps it): " in shown
    assert "Fibery API key (from .env; Enter keeps it): " in shown
    assert TOGGL_TOKEN not in shown


@pytest.mark.parametrize("text", [LONG_KEY, f"5a4db0c5.{LONG_KEY}", "key with spaces"])
def test_a_key_that_was_given_for_an_address_or_a_number_is_not_repeated(text):
    for read in (account_questions._read_number, functools.partial(read_fibery_settings, FiberySettings())):
        with pytest.raises(ConfigurationError) as caught:
            read(text)
        assert text not in str(caught.value)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """What `init` looks at, committed, and no more."""
    folder = tmp_path_factory.mktemp("small")
    names = (".gitignore", "dvc.yaml", "params.yaml", ".dvc/config", *(f"config/{name}.yaml" for name in FILES))
    for name in (*names, *(f"config/demo/{name}.yaml" for name in FILES)):
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(ROOT / name, folder / name)
    project = Project(folder)
    for command in (["init", "-q"], ["add", "-A"]):
        project.succeed("git", *command)
    return quicken(project)


@pytest.fixture
def small_project(small, tmp_path):
    """A copy of it of the test's own."""
    return small.duplicate(tmp_path / "small")


def test_a_file_that_git_would_take_along_takes_no_token(small_project, options):
    ignored = (small_project.folder / ".gitignore").read_text()
    (small_project.folder / ".gitignore").write_text(ignored.replace(".env\n", ""))
    done = small_project.call(*options, **TOKENS)
    assert (done.returncode, done.stdout) == (2, "")
    assert "git does not ignore .env" in done.stderr
    (small_project.folder / ".gitignore").write_text(ignored)
    (small_project.folder / ".env").write_text("OTHER=1\n")
    small_project.succeed("git", "add", "-f", ".env")
    assert ".env is tracked by git: git rm --cached .env" in small_project.call(*options, **TOKENS).stderr


PAGES = ["https://acme.fibery.io/Scrum/Task/1", "acme.fibery.io", "HTTPS://ACME.fibery.io", "acme"]


@pytest.mark.parametrize("text", PAGES)
def test_an_account_may_be_the_address_of_any_page_in_it(text):
    assert read_fibery_settings(FiberySettings(), text).account == "acme"


@pytest.mark.parametrize(
    ("more", "tokens", "code", "said"),
    [
        (["--account", "https://acme.example"], {}, 2, "is not an account; write only the first word"),
        (["--account", "https://["], {}, 2, "is not an account"),
        (["--account", "a b"], {}, 2, "is not an account"),
        (["--workspace", "9" * 5000], {}, 2, "is not a number; write the number in the address"),
        (["--workspace", "²"], {}, 2, "is not a number"),
        (["--workspace", "12"], {}, 3, "does not show workspace 12 to this token"),
        (["--timezone", "Lisbon"], {}, 2, "write a name such as Europe/Lisbon"),
        ([], {"TOGGL_API_TOKEN": ""}, 3, "TOGGL_API_TOKEN is missing: an admin's, to see the whole team"),
        ([], {"TOGGL_API_TOKEN": "wrong"}, 3, "for your own, set toggl.url in params.yaml to https://api.track"),
        ([], {"TOGGL_API_TOKEN": "to ken"}, 3, "copy it again"),
        ([], {"FIBERY_API_TOKEN": ""}, 3, "FIBERY_API_TOKEN is missing: Fibery makes one"),
        ([], {"FIBERY_API_TOKEN": "wrong"}, 3, "does not accept this key in the account nordwind"),
        (["--toggl-url", "nonsense"], {}, 2, "the address of Toggl must start with https://"),
        (["--toggl-url", "https://["], {}, 2, "the address of Toggl is not an address"),
        (["--fibery-url", "\udcff"], {}, 2, "the address of Fibery must start with https://"),
    ],
)  # fmt: skip
def test_whatever_init_is_told_it_ends_with_a_sentence_and_writes_nothing(
    small_project, options, more, tokens, code, said
):
    before = (small_project.folder / "params.yaml").read_bytes()
    done = small_project.call(*options, *more, **TOKENS | tokens)
    assert (done.returncode, done.stderr.splitlines()[-1][:11]) == (code, "timeweave: "), done.stderr
    assert said in done.stderr
    assert (small_project.folder / "params.yaml").read_bytes() == before
    assert not (small_project.folder / ".env").exists()


@pytest.mark.parametrize("damage", [b"- a\n- list\n", b"\xff\xfe", b"toggl: 7\n", None])
def test_a_damaged_params_yaml_is_a_sentence_of_init(small_project, options, damage):
    params = small_project.folder / "params.yaml"
    params.unlink() if damage is None else params.write_bytes(damage)
    done = small_project.call(*options, **TOKENS)
    assert (done.returncode, done.stderr.splitlines()[-1][:11]) == (2, "timeweave: "), done.stderr
    assert not (small_project.folder / ".env").exists()


def test_a_token_that_is_no_admin_s_is_for_its_owner_s_time_alone(small_project, options):
    done = small_project.call(*options, **TOKENS | {"TOGGL_API_TOKEN": TOGGL_MEMBER_TOKEN})
    assert done.returncode == 0, done.stderr
    assert "Toggl shows it its owner's own time only, so that reports are about one person" in done.stderr
    assert yaml.safe_load((small_project.folder / "params.yaml").read_text())["toggl"]["everyone"] is False


def test_the_other_workspace_has_other_words():
    assert translate("[Scrum] [Task] #7") == "[Werkbank] [Zettel] #7"
