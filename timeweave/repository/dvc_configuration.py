"""DVC's configuration: where the cache is, which remotes there are, and what a copy of a project takes over of both."""

import atexit
import hashlib
import re
from pathlib import Path
from typing import Any

import yaml

from timeweave.runtime.errors import ConfigurationError, TimeweaveError
from timeweave.runtime.redaction import remember_setting

FOLDER = ".dvc"
"""DVC's own folder in a project."""
DIGEST = re.compile(r"[0-9a-f]{32}(\.dir)?")


def find_cache(project: Path) -> Path:
    """The folder of files by hash, as all levels of DVC's configuration say: system, global, project, local."""
    return _cache_of(_load(project), project)


def find_object(cache: Path, digest: str) -> Path:
    """The file of a hash in a cache. TimeweaveError for what is none: a dvc.lock may come from another machine."""
    if not DIGEST.fullmatch(digest):
        raise TimeweaveError(f"{digest[:50]!r} in dvc.lock is not a hash of DVC; make the run again")
    return cache / "files" / "md5" / digest[:2] / digest[2:]


def hash_file(path: Path) -> str | None:
    """As DVC does; None for what is no file."""
    if not path.is_file():
        return None
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


def has_remote(project: Path) -> bool:
    """Whether files can leave this machine: a default remote is configured."""
    return bool(_load(project).get("core", {}).get("remote"))


def share_configuration(project: Path, copy: Path) -> None:
    """Let a copy of the project use the project's cache and remotes, those of its config.local included."""
    from dvc.config import Config

    config = _load(project)
    local: dict[str, Any] = {"cache": {"dir": str(_cache_of(config, project))}}
    if config["cache"].get("type"):
        local["cache"]["type"] = ",".join(config["cache"]["type"])
    if config["core"].get("remote"):
        local["core"] = {"remote": config["core"]["remote"]}
    if config["remote"]:
        local["remote"] = {name: _flatten(section) for name, section in config["remote"].items()}
    # What an earlier run was told is of no account any more.
    (copy / FOLDER / Config.CONFIG_LOCAL).unlink(missing_ok=True)
    with Config(str(copy / FOLDER)).edit("local") as edited:
        edited.update(local)
    # Secrets of remotes are in it.
    (copy / FOLDER / Config.CONFIG_LOCAL).chmod(0o600)


def _cache_of(config: Any, project: Path) -> Path:
    named = config.get("cache", {}).get("dir")
    return Path(str(named)) if named else project / FOLDER / "cache"


def _load(project: Path) -> Any:
    # Imported here: DVC takes time to import that most commands need not spend. It brings colorama, which would write
    # a control sequence to stdout when this process ends.
    from colorama.initialise import reset_all
    from dvc.config import Config, ConfigError

    atexit.unregister(reset_all)

    try:
        config = Config(str(project / FOLDER))
    except (ConfigError, OSError) as error:
        raise ConfigurationError(
            f"DVC's configuration cannot be read: {error}; correct {FOLDER}/config and {FOLDER}/config.local, or bring "
            f"the committed one back: `git checkout {FOLDER}/config`"
        ) from None
    for section in config["remote"].values():
        for name, value in section.items():
            remember_setting(name, str(value))
    return config


def _flatten(section: Any) -> dict[str, Any]:
    """A section as plain text, numbers and mappings; paths in it are absolute by now."""
    return dict(yaml.safe_load(yaml.safe_dump(_convert(section))))


def _convert(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _convert(one) for key, one in value.items()}
    return value if isinstance(value, bool | int | float) else str(value)
