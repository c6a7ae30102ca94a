"""`.env`: written for its owner only, and never where git would take it along."""

import os
import re
import tempfile
from pathlib import Path

from timeweave.repository.git import Git
from timeweave.runtime.errors import ConfigurationError, CredentialsError

NAME = ".env"


def write_env_file(folder: Path, values: dict[str, str]) -> Path:
    """Set these variables, other lines as they were; mode 600 from the first byte on."""
    refuse_tracked(folder)
    path = folder / NAME
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    names = "|".join(map(re.escape, values))
    lines = [line for line in lines if not re.match(rf"\s*(export\s+)?({names})\s*=", line)]
    lines += [f"{name}={value}" for name, value in values.items()]
    # A file made by mkstemp is its owner's from the beginning.
    handle, temporary = tempfile.mkstemp(dir=folder, prefix=".env.")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    Path(temporary).replace(path)
    return path


def refuse_tracked(folder: Path) -> None:
    """A token in a file that git keeps would be everyone's, and for ever."""
    git = Git(folder)
    if git.succeeds("ls-files", "--error-unmatch", NAME):
        raise ConfigurationError(f"{NAME} is tracked by git: git rm --cached {NAME}, and change tokens that were in it")
    if not git.succeeds("check-ignore", "-q", NAME):
        raise ConfigurationError(f"git does not ignore {NAME}: add a line {NAME} to .gitignore first")


def check_env_file(folder: Path) -> str:
    """Where the tokens are; an error where others may read them."""
    path = folder / NAME
    if not path.exists():
        return "no .env here; tokens come from the environment or a .env above"
    refuse_tracked(folder)
    if path.stat().st_mode & 0o077:
        raise CredentialsError(f"{NAME} can be read by others: chmod 600 {NAME}")
    return f"{NAME} is its owner's only, and ignored by git"
