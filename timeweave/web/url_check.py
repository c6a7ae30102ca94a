"""Checks the addresses of services: a token is sent only over https, or within this machine."""

import ipaddress
from urllib.parse import urlsplit

from timeweave.runtime.errors import ConfigurationError


def is_loopback(url: str) -> bool:
    """Whether the address is on this machine."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def check_url(url: str, setting: str) -> str:
    """The address without a trailing slash; refused unless a token may be sent there."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        raise ConfigurationError(
            f"{setting} is not an address: {url!r}; write it like https://api.track.toggl.com"
        ) from None
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ConfigurationError(f"{setting} holds more than an address; write it like https://api.track.toggl.com")
    if not host or (parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(url))):
        raise ConfigurationError(
            f"{setting} must start with https:// (http only for this machine itself), or a token "
            f"would travel unprotected; it is {url!r}"
        )
    return url.rstrip("/")
