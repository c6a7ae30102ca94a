"""Tokens: from the environment or `.env`, never from a parameter, never shown."""

import os
from pathlib import Path

from dotenv import dotenv_values, find_dotenv

from timeweave.runtime.errors import CredentialsError


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
