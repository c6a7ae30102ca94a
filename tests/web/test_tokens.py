"""Tokens come from the environment or .env and are never shown."""

import pytest

from timeweave.runtime.errors import CredentialsError
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
