"""The files of a run: DVC's cache of the worker, and the DVC remote, where other workers find them."""

import contextlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml
from dvc.config import Config, ConfigError
from dvc.exceptions import CheckoutError, DownloadError, DvcException, FileTransferError
from dvc.fs import LocalFileSystem
from dvc.repo import Repo

from timeweave.runs.past import cache_folder
from timeweave.runtime.errors import TimeweaveError


class Storage:
    """Of one checkout. Without a remote, workers must share the project's folder to take over from each other."""

    def __init__(self, project: Path, folder: Path) -> None:
        self._project, self._folder = project, folder

    def configure(self) -> None:
        """Let the checkout use the cache and the remotes of the worker's project, those of config.local included."""
        config = Config(str(self._project / ".dvc"))
        local: dict[str, Any] = {"cache": {"dir": str(cache_folder(self._project))}, "core": {}, "remote": {}}
        if config["core"].get("remote"):
            local["core"]["remote"] = config["core"]["remote"]
        local["remote"] = {name: _plain(section) for name, section in config["remote"].items()}
        with Config(str(self._folder / ".dvc")).edit("local") as edited:
            edited.update({key: value for key, value in local.items() if value})

    @property
    def has_remote(self) -> bool:
        """Whether files can leave this machine."""
        try:
            return bool(Config(str(self._folder / ".dvc"))["core"].get("remote"))
        except ConfigError as error:
            raise TimeweaveError(f"DVC's configuration: {error}") from None

    def push(self, stages: list[str], run_cache: bool = False) -> None:
        """Bring what the stages wrote to the remote; what all of them wrote where none is named."""
        if self.has_remote:
            with self._repo() as repo, _sentence("push to"):
                repo.push(targets=self._targets(stages) or None, run_cache=run_cache)

    def bring(self, stages: list[str]) -> bool:
        """Lay out what the stages wrote, from the cache or the remote; False if something is nowhere to be had."""
        targets = self._targets(stages)
        if not targets:
            return True
        with self._repo() as repo:
            try:
                if self.has_remote:
                    repo.fetch(targets=targets)
                repo.checkout(targets=targets, force=True)
            except (CheckoutError, DownloadError, FileTransferError):
                return False
            except DvcException as error:
                raise TimeweaveError(f"DVC cannot bring what {', '.join(stages)} wrote: {error}") from None
        return True

    def _targets(self, stages: Iterable[str]) -> list[str]:
        """Not by name alone: DVC would look for them in the working folder of this process."""
        return [f"{self._folder / 'dvc.yaml'}:{stage}" for stage in stages]

    def place(self, name: str) -> tuple[Any, str]:
        """A file system and a folder in it for files that are no outputs: below the remote, or below the project."""
        if not self.has_remote:
            return LocalFileSystem(), str(self._project / ".dvc" / "timeweave" / name)
        with self._repo() as repo, _sentence("use"):
            remote = repo.cloud.get_remote()
            return remote.fs, remote.fs.join(remote.path, "timeweave", name)

    def _repo(self) -> Repo:
        return Repo(str(self._folder))


@contextlib.contextmanager
def _sentence(what: str) -> Any:
    try:
        yield
    except DvcException as error:
        raise TimeweaveError(f"DVC cannot {what} the remote: {error}; see docs/operating.md") from None


def _plain(section: Any) -> dict[str, Any]:
    """A section of DVC's configuration as text again; paths in it are absolute by now."""
    return dict(yaml.safe_load(yaml.safe_dump({key: _text(value) for key, value in section.items()})))


def _text(value: Any) -> Any:
    return value if isinstance(value, bool | int | float) else str(value)
