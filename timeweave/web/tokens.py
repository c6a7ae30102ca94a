"""Tokens: read from the environment or `.env`, never from a parameter, never shown, and sent only where it is safe."""

import ipaddress
import os
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import dotenv_values

from timeweave.runtime.errors import ConfigurationError, CredentialsError
from timeweave.runtime.project import find_env_file
from timeweave.runtime.redaction import remember


def read_token(name: str) -> str:
    """The secret called `name`: the environment first, then the nearest `.env` upwards, no further than the project.

    Upwards, because runs work in copies of the project below it.
    """
    value = os.environ.get(name) or read_env_file(name) or ""
    if not value.strip():
        raise CredentialsError(f"{name} is not set; put a line {name}=... into .env or set it in the environment")
    return check_token(name, value.strip())


def check_token(name: str, value: str) -> str:
    """The token, known as a secret from now on; CredentialsError where it cannot be one."""
    if not value.isascii() or not value.isprintable() or len(value.split()) != 1:
        raise CredentialsError(f"{name} contains spaces or characters that no token has; copy it again")
    remember(value)
    return value


def refuse_foreign(path: Path) -> None:
    """A file that others may write decides where requests and secrets go: CredentialsError says what to do about it."""
    found = path.stat()
    if found.st_uid not in (os.getuid(), 0):
        raise CredentialsError(f"{path} belongs to another user, and is not used: write one of your own, chmod 600")
    if found.st_mode & 0o022:
        raise CredentialsError(f"{path} can be written by others, and is not used: look at it, then chmod 600 {path}")


def read_env_file(name: str) -> str | None:
    """What the nearest `.env` says of it; None where it says nothing."""
    path = find_env_file()
    if path is None:
        return None
    try:
        refuse_foreign(path)
        return dotenv_values(path).get(name)
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise CredentialsError(f"{path} cannot be read: {reason}; write a line {name}=... into it again") from None


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
