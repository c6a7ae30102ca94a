"""Outputs of stages at the DVC remote, where other machines find them; without a remote they stay in the cache."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dvc.exceptions import CheckoutError, DownloadError, DvcException, FileTransferError
from dvc.repo import Repo

from timeweave.repository.configuration import has_remote
from timeweave.runtime.errors import TimeweaveError


def push_outputs(folder: Path, stages: list[str]) -> None:
    """Bring what the stages wrote to the remote, if there is one."""
    if has_remote(folder):
        with _open(folder, "save") as repo:
            repo.push(targets=_name_targets(folder, stages))


def restore_outputs(folder: Path, stages: list[str]) -> None:
    """Lay out what the stages wrote, as dvc.lock says. TimeweaveError where it is nowhere to be had."""
    if not stages:
        return
    targets = _name_targets(folder, stages)
    with _open(folder, "bring") as repo:
        try:
            if has_remote(folder):
                repo.fetch(targets=targets)
            repo.checkout(targets=targets, force=True)
        except (CheckoutError, DownloadError, FileTransferError):
            raise TimeweaveError(
                f"what {', '.join(stages)} wrote is not at the DVC remote; give all workers the same remote"
            ) from None


def _name_targets(folder: Path, stages: list[str]) -> list[str]:
    """Not by name alone: DVC would look for them in the working folder of this process."""
    return [f"{folder / 'dvc.yaml'}:{stage}" for stage in stages]


@contextmanager
def _open(folder: Path, what: str) -> Iterator[Repo]:
    try:
        with Repo(str(folder)) as repo:
            yield repo
    except DvcException as error:
        raise TimeweaveError(f"DVC cannot {what} outputs of stages: {error}; see docs/operating.md") from None
