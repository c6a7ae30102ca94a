"""Where the parameters lead."""

from datetime import date

import pytest

from timeweave.fibery.connection import FiberyAccount, FiberySettings, connect, find_account
from timeweave.runtime.errors import ConfigurationError, CredentialsError
from timeweave.sandbox.company import FIBERY_TOKEN

ACME = FiberyAccount("live", "acme", "https://acme.fibery.io")


@pytest.mark.parametrize(
    ("database", "title", "path"),
    [
        ("Scrum/Task", "Fix login", "Scrum/Task/Fix_login-12"),
        ("Scrum/Sub-task", "a  b", "Scrum/Sub-task/a_b-12"),
        ("Product Management/Request", "??", "Product_Management/Request/12"),
        ("Scrum/Task", None, "Scrum/Task/12"),
        ("Scrum/Task", "  Überprüfung #3! ", "Scrum/Task/berpr_fung_3!-12"),
        ("Scrum/Task", "x" * 120, f"Scrum/Task/{'x' * 100}-12"),
        ("Ünit/Ta?sk#1", "t", "%C3%9Cnit/Ta%3Fsk%231/t-12"),
    ],
)
def test_links_are_written_as_fibery_itself_writes_them(database, title, path):
    assert ACME.link(database, title, "12") == f"https://acme.fibery.io/{path}"


AS_OF = date(2025, 10, 14)
ACME = FiberyAccount("live", "acme", "https://acme.fibery.io")


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder without .env, and no token in the environment."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FIBERY_API_TOKEN", raising=False)
    return tmp_path


def test_the_demo_needs_no_token(here):
    with connect("demo", FiberySettings(), AS_OF) as client:
        assert client.fetch_schema(None)[1]


def connected(url):
    settings = FiberySettings(url=url, account="acme", requests_per_second=1000)
    return connect("live", settings, AS_OF)


def test_live_without_account_is_refused_before_anything_is_sent(here):
    with (
        pytest.raises(ConfigurationError, match=r"fibery\.account is not set"),
        connect("live", FiberySettings(), AS_OF),
    ):
        pass


def test_live_without_token_is_refused(here):
    with pytest.raises(CredentialsError, match="FIBERY_API_TOKEN"), connect("live", FiberySettings(account="a"), AS_OF):
        pass


def test_a_token_is_never_sent_unprotected(here, monkeypatch):
    monkeypatch.setenv("FIBERY_API_TOKEN", FIBERY_TOKEN)
    settings = FiberySettings(url="http://fibery.example")
    with pytest.raises(ConfigurationError, match="must start with https://"), connect("live", settings, AS_OF):
        pass


def test_the_account_makes_the_address_of_links_whatever_server_is_asked():
    found = find_account("live", FiberySettings(url="https://proxy.example/fibery", account="acme"))
    assert (found.name, found.base) == ("acme", "https://acme.fibery.io")


def test_without_an_account_links_follow_the_address():
    assert find_account("live", FiberySettings(url="https://proxy.example/f/")) == FiberyAccount(
        "live", None, "https://proxy.example/f"
    )
    assert find_account("live", FiberySettings(url="https://acme.fibery.io")) == ACME


def test_the_demo_is_linked_to_the_account_of_the_sandbox_and_never_to_a_port():
    found = find_account("demo", FiberySettings(url="http://127.0.0.1:9", account="other"))
    assert found.base == f"https://{found.name}.fibery.io"
    assert found.name not in (None, "other")


def test_live_without_account_and_address_is_refused():
    with pytest.raises(ConfigurationError, match=r"fibery\.account is not set"):
        find_account("live", FiberySettings())
