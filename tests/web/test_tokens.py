"""Tokens come from the environment or .env, are never shown, and are sent only where they may be."""

import os

import pytest

from timeweave.runtime.errors import ConfigurationError, CredentialsError
from timeweave.web import tokens


def test_the_environment_comes_before_the_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("SOME_TOKEN=from-file\n")
    assert tokens.read_token("SOME_TOKEN") == "from-file"
    monkeypatch.setenv("SOME_TOKEN", "from-environment\n")
    assert tokens.read_token("SOME_TOKEN") == "from-environment"


@pytest.fixture
def project(tmp_path):
    """A project in a folder of its own, with a run's workspace below it, which is a copy of it."""
    workspace = tmp_path / "project" / ".timeweave" / "workspaces" / "one" / "project"
    for folder in (tmp_path / "project", workspace):
        (folder / "stages").mkdir(parents=True)
        (folder / "stages" / "fetch_time.py").touch()
        (folder / "dvc.yaml").touch()
    return workspace


def test_the_file_of_the_project_is_found_from_a_run_s_workspace(tmp_path, project, monkeypatch):
    (tmp_path / "project" / ".env").write_text("SOME_TOKEN='quoted'\n")
    monkeypatch.chdir(project)
    assert tokens.read_token("SOME_TOKEN") == "quoted"


def test_a_file_above_the_outermost_project_is_none_of_ours(tmp_path, project, monkeypatch):
    (tmp_path / ".env").write_text("SOME_TOKEN=of-somebody\n")
    monkeypatch.chdir(project)
    with pytest.raises(CredentialsError, match="SOME_TOKEN is not set"):
        tokens.read_token("SOME_TOKEN")


@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
def test_a_file_that_others_can_write_is_not_used(tmp_path, monkeypatch, mode):
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("SOME_TOKEN=of-somebody\n")
    (tmp_path / ".env").chmod(mode)
    with pytest.raises(CredentialsError, match=r"\.env can be written by others, and is not used: .* chmod 600"):
        tokens.read_token("SOME_TOKEN")


def test_a_file_of_another_user_is_not_used(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("SOME_TOKEN=of-somebody\n")
    owner = (tmp_path / ".env").stat().st_uid
    monkeypatch.setattr(os, "getuid", lambda: owner + 1)
    if owner == 0:
        os.chown(tmp_path / ".env", 4711, -1)
    with pytest.raises(CredentialsError, match=r"\.env belongs to another user, and is not used"):
        tokens.read_token("SOME_TOKEN")


def test_a_file_that_is_no_text_is_one_sentence(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_bytes(b"SOME_TOKEN=\xff\xfe\n")
    with pytest.raises(CredentialsError, match=r"\.env cannot be read: it is not UTF-8"):
        tokens.read_token("SOME_TOKEN")


def test_a_missing_token_says_where_to_put_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CredentialsError, match=r"SOME_TOKEN is not set; put a line SOME_TOKEN=\.\.\. into \.env"):
        tokens.read_token("SOME_TOKEN")


@pytest.mark.parametrize("value", ["two words", "tökén", "line\nbreak", "bell\a"])
def test_what_cannot_be_a_token_is_refused_without_being_shown(monkeypatch, value):
    monkeypatch.setenv("SOME_TOKEN", value)
    with pytest.raises(CredentialsError) as refused:
        tokens.read_token("SOME_TOKEN")
    assert value not in str(refused.value)


@pytest.mark.parametrize(
    "url", ["http://example.com", "ftp://localhost", "example.com", "", "http://127.0.0.1.example.com"]
)
def test_a_token_is_sent_only_over_https_or_within_this_machine(url):
    with pytest.raises(ConfigurationError, match="must start with https://"):
        tokens.check_url(url, "toggl.url")


@pytest.mark.parametrize(
    "url", ["https://user:pass@example.com", "https://example.com/?token=x", "https://example.com/#x"]
)
def test_an_address_with_more_in_it_is_refused_without_being_shown(url):
    with pytest.raises(ConfigurationError) as refused:
        tokens.check_url(url, "toggl.url")
    assert url not in str(refused.value)


@pytest.mark.parametrize(
    "url", ["https://api.track.toggl.com/", "http://localhost:1", "http://127.0.0.1:1", "http://[::1]:1"]
)
def test_https_and_this_machine_are_fine(url):
    assert tokens.check_url(url, "toggl.url") == url.rstrip("/")


@pytest.mark.parametrize("url", ["https://[", "https://[::1", "http://[x]/"])
def test_what_is_not_an_address_at_all_is_one_sentence(url):
    with pytest.raises(ConfigurationError, match=r"toggl\.url"):
        tokens.check_url(url, "toggl.url")
