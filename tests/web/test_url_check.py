"""A token is sent only where it may be."""

import pytest

from timeweave.runtime.errors import ConfigurationError
from timeweave.web.url_check import check_url


@pytest.mark.parametrize(
    "url", ["http://example.com", "ftp://localhost", "example.com", "", "http://127.0.0.1.example.com"]
)
def test_a_token_is_sent_only_over_https_or_within_this_machine(url):
    with pytest.raises(ConfigurationError, match="must start with https://"):
        check_url(url, "toggl.url")


@pytest.mark.parametrize(
    "url", ["https://user:pass@example.com", "https://example.com/?token=x", "https://example.com/#x"]
)
def test_an_address_with_more_in_it_is_refused_without_being_shown(url):
    with pytest.raises(ConfigurationError) as refused:
        check_url(url, "toggl.url")
    assert url not in str(refused.value)


@pytest.mark.parametrize(
    "url", ["https://api.track.toggl.com/", "http://localhost:1", "http://127.0.0.1:1", "http://[::1]:1"]
)
def test_https_and_this_machine_are_fine(url):
    assert check_url(url, "toggl.url") == url.rstrip("/")


@pytest.mark.parametrize("url", ["https://[", "https://[::1", "http://[x]/"])
def test_what_is_not_an_address_at_all_is_one_sentence(url):
    with pytest.raises(ConfigurationError, match=r"toggl\.url"):
        check_url(url, "toggl.url")
