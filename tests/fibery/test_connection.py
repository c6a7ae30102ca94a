"""Where the parameters lead."""

from datetime import date

import pytest

from timeweave.archive.files import LocalFiles
from timeweave.fibery import schema
from timeweave.fibery.connection import connect
from timeweave.fibery.settings import FiberySettings
from timeweave.fibery.site import site
from timeweave.runtime.errors import ConfigurationError, CredentialsError
from timeweave.sandbox import fingerprint
from timeweave.sandbox.server import Sandbox
from timeweave.sandbox.team import FIBERY_TOKEN

AS_OF = date(2025, 10, 14)


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder without .env, and no token in the environment."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FIBERY_API_TOKEN", raising=False)
    return tmp_path


def test_the_demo_needs_no_token_and_leaves_no_trace_of_its_port(here):
    settings = FiberySettings()
    with connect("demo", settings, AS_OF) as client:
        schema.fetch(client, site("demo", settings), LocalFiles(here))
        port = client.url.rpartition(":")[2]
    assert f":{port}" not in (here / "schema.json").read_text()


def test_an_unchanged_schema_is_asked_for_and_comes_from_the_file(here, monkeypatch):
    monkeypatch.setenv("FIBERY_API_TOKEN", FIBERY_TOKEN)
    files, path = LocalFiles(here), here / "schema.json"
    where = site("live", FiberySettings(account="acme"))
    with Sandbox(AS_OF) as sandbox, connected(sandbox.url) as client:
        first = schema.fetch(client, where, files)
        before = path.read_bytes()
        assert schema.fetch(client, where, files) == first
        assert [request.status for request in sandbox.requests] == [200, 304]
        path.write_text("{cut")
        assert schema.fetch(client, where, files) == first
        path.unlink()
        assert schema.fetch(client, where, files) == first
        assert path.read_bytes() == before
        other = site("live", FiberySettings(account="other"))
        assert schema.fetch(client, other, files).account == "other"
        assert [request.status for request in sandbox.requests[2:]] == [200, 200, 200]


def test_each_workspace_is_kept_in_a_folder_of_its_own(monkeypatch):
    demo, acme, other = site("demo", FiberySettings()), *(site("live", FiberySettings(account=a)) for a in ("a", "b"))
    addresses = [schema.find_files(where).address() for where in (demo, acme, other)]
    monkeypatch.setattr(fingerprint, "find_fingerprint", lambda: "of another sandbox")
    assert len({*addresses, schema.find_files(demo).address()}) == 4
    assert schema.find_files(acme).address() == addresses[1]


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
