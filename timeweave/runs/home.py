"""The project's folder, and where runs are kept in it."""

from pathlib import Path

from timeweave.runs.lock import Lock
from timeweave.runtime import journal
from timeweave.runtime.errors import ConfigurationError


class Home:
    """A project: the folder with dvc.yaml and params.yaml.

    Runs are kept in `.dvc/timeweave`, which git ignores: beside DVC's cache, not in `.dvc/tmp`, which people delete
    to get rid of stale locks.
    """

    def __init__(self, folder: Path) -> None:
        if not (folder / "dvc.yaml").exists() or not (folder / ".dvc").is_dir():
            raise ConfigurationError(
                "no dvc.yaml here; run this in the project's folder, after `dvc init` if it is new"
            )
        self.folder = folder.resolve()

    @classmethod
    def here(cls) -> "Home":
        """The project in the working folder."""
        return cls(Path.cwd())

    @property
    def own(self) -> Path:
        """What belongs to runs; ignored by git whatever the project's own files say."""
        found = self.folder / ".dvc" / "timeweave"
        if not found.exists():
            found.mkdir(parents=True)
            (found / ".gitignore").write_text("*\n")
        return found

    @property
    def params(self) -> Path:
        """What varies from run to run."""
        return self.folder / "params.yaml"

    @property
    def data(self) -> Path:
        """What the stages write."""
        return self.folder / "data"

    @property
    def runs(self) -> Path:
        """A folder for each run."""
        return self.folder / journal.RUNS

    @property
    def copies(self) -> Path:
        """Where runs work that must not touch the workspace."""
        return self.own / "copies"

    def waiting(self, run: str) -> Lock:
        """Held from the moment that a run is asked for until it is over."""
        return Lock(self.runs / run / "lock")

    @property
    def lock(self) -> Lock:
        """Held by the run that works in the workspace."""
        return Lock(self.own / "lock")
