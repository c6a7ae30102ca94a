"""Tokens come from the environment or .env, are never shown, and are sent only where they may be."""

import pytest

from timeweave.runtime.errors import ConfigurationError, CredentialsError
from timeweave.web import tokens


def test_the_environment_comes_before_the_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("SOME_TOKEN=from-file\n")
    assert tokens.read_token("SOME_TOKEN") == "from-file"
    monkeypatch.setenv("SOME_TOKEN", "from-environment\n")
    assert tokens.read_token("SOME_TOKEN") == "from-environment"


def test_the_file_is_found_from_a_folder_far_below(tmp_path, monkeypatch):
    below = tmp_path / ".dvc" / "tmp" / "exps" / "copy"
    below.mkdir(parents=True)
    (tmp_path / ".env").write_text("SOME_TOKEN='quoted'\n")
    monkeypatch.chdir(below)
    assert tokens.read_token("SOME_TOKEN") == "quoted"


def test_a_missing_token_says_where_to_put_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CredentialsError, match=r"SOME_TOKEN is not set; put a line SOME_TOKEN=\.\.\. into \.env"):
        tokens.read_token("SOME_TOKEN")


@pytest.mark.parametrize("value", ["two words", "tökén", "line\nbreak"])
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
