"""Whose workspace it is, and the addresses of its items."""

import pytest

from timeweave.fibery.settings import FiberySettings
from timeweave.fibery.site import Site, site
from timeweave.runtime.errors import ConfigurationError

SITE = Site("live", "acme", "https://acme.fibery.io")


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
    assert SITE.link(database, title, "12") == f"https://acme.fibery.io/{path}"


def test_the_account_makes_the_address_of_links_whatever_server_is_asked():
    found = site("live", FiberySettings(url="https://proxy.example/fibery", account="acme"))
    assert (found.account, found.base) == ("acme", "https://acme.fibery.io")


def test_without_an_account_links_follow_the_address():
    assert site("live", FiberySettings(url="https://proxy.example/f/")) == Site("live", None, "https://proxy.example/f")
    assert site("live", FiberySettings(url="https://acme.fibery.io")) == SITE


def test_the_demo_is_linked_to_the_account_of_the_sandbox_and_never_to_a_port():
    found = site("demo", FiberySettings(url="http://127.0.0.1:9", account="other"))
    assert found.base == f"https://{found.account}.fibery.io"
    assert found.account not in (None, "other")


def test_live_without_account_and_address_is_refused():
    with pytest.raises(ConfigurationError, match=r"fibery\.account is not set"):
        site("live", FiberySettings())


@pytest.mark.parametrize("name", ["acme.fibery.io", "https://acme", "a b", "-a", "", "a/b"])
def test_an_account_is_one_word_of_an_address(name):
    with pytest.raises(ValueError, match="is no account"):
        FiberySettings(account=name)
