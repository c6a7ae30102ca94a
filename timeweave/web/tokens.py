"""Tokens: read from the environment or `.env`, never from a parameter, never shown, and sent only where it is safe."""

import ipaddress
import os
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import dotenv_values, find_dotenv

from timeweave.runtime.errors import ConfigurationError, CredentialsError


def read_token(name: str) -> str:
    """The secret called `name`: the environment first, then the nearest `.env` upwards from the working folder.

    Upwards, because runs work in copies of the project below it.
    """
    value = os.environ.get(name) or _read_file(name) or ""
    if not value.strip():
        raise CredentialsError(f"{name} is not set; put a line {name}=... into .env or set it in the environment")
    if not value.strip().isascii() or len(value.split()) != 1:
        raise CredentialsError(f"{name} holds blanks or letters that no token has; copy it again")
    return value.strip()


def _read_file(name: str) -> str | None:
    path = find_dotenv(usecwd=True)
    return dotenv_values(Path(path)).get(name) if path else None


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
