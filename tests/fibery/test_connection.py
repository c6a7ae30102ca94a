"""Where the parameters lead."""

from datetime import date

import pytest

from timeweave.fibery import schema
from timeweave.fibery.connection import connect, find_site
from timeweave.fibery.settings import FiberySettings
from timeweave.fibery.site import Site
from timeweave.runtime.errors import ConfigurationError, CredentialsError
from timeweave.sandbox.server import Sandbox
from timeweave.sandbox.team import FIBERY_TOKEN

AS_OF = date(2025, 10, 14)
SITE = Site("live", "acme", "https://acme.fibery.io")


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder without .env, and no token in the environment."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FIBERY_API_TOKEN", raising=False)
    return tmp_path


def test_the_demo_needs_no_token_and_leaves_no_trace_of_its_port(here):
    settings, path = FiberySettings(), here / "schema.json"
    with connect("demo", settings, AS_OF) as client:
        schema.fetch(client, find_site("demo", settings), path)
        port = client.url.rpartition(":")[2]
    assert f":{port}" not in path.read_text()


def test_an_unchanged_schema_is_asked_for_and_comes_from_the_file(here, monkeypatch):
    monkeypatch.setenv("FIBERY_API_TOKEN", FIBERY_TOKEN)
    settings, path = FiberySettings(account="acme"), here / "schema.json"
    where = find_site("live", settings)
    with Sandbox(AS_OF) as sandbox, connected(sandbox.url) as client:
        first = schema.fetch(client, where, path)
        before = path.read_bytes()
        assert schema.fetch(client, where, path) == first
        assert [request.status for request in sandbox.requests] == [200, 304]
        path.write_text("{cut")
        assert schema.fetch(client, where, path) == first
        path.unlink()
        assert schema.fetch(client, where, path) == first
        assert path.read_bytes() == before
        other = find_site("live", FiberySettings(account="other"))
        assert schema.fetch(client, other, path).account == "other"
        assert [request.status for request in sandbox.requests[2:]] == [200, 200, 200]


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
    found = find_site("live", FiberySettings(url="https://proxy.example/fibery", account="acme"))
    assert (found.account, found.base) == ("acme", "https://acme.fibery.io")


def test_without_an_account_links_follow_the_address():
    assert find_site("live", FiberySettings(url="https://proxy.example/f/")) == Site(
        "live", None, "https://proxy.example/f"
    )
    assert find_site("live", FiberySettings(url="https://acme.fibery.io")) == SITE


def test_the_demo_is_linked_to_the_account_of_the_sandbox_and_never_to_a_port():
    found = find_site("demo", FiberySettings(url="http://127.0.0.1:9", account="other"))
    assert found.base == f"https://{found.account}.fibery.io"
    assert found.account not in (None, "other")


def test_live_without_account_and_address_is_refused():
    with pytest.raises(ConfigurationError, match=r"fibery\.account is not set"):
        find_site("live", FiberySettings())
