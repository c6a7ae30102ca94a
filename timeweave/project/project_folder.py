"""The project in which runs are asked for, and where they are kept in it."""

from pathlib import Path

from timeweave.repository.workspace import has_dvc
from timeweave.runtime.errors import ConfigurationError
from timeweave.runtime.project import find_project, make_own_folder


class ProjectFolder:
    """The folder with dvc.yaml and params.yaml. A run changes nothing in it but `runs/` and `.timeweave/`."""

    def __init__(self, folder: Path) -> None:
        if not has_dvc(folder):
            raise ConfigurationError(
                "no dvc.yaml here; run this in the project's folder, after `dvc init` if it is new"
            )
        self.folder = folder.resolve()

    @classmethod
    def here(cls) -> "ProjectFolder":
        """The project in the working folder."""
        return cls(Path.cwd())

    @property
    def own(self) -> Path:
        """`.timeweave`: the archive and the workspaces."""
        return make_own_folder(find_project(self.folder))

    @property
    def params(self) -> Path:
        """What varies from run to run."""
        return self.folder / "params.yaml"

    @property
    def data(self) -> Path:
        """What the stages write when DVC runs in the project itself."""
        return self.folder / "data"

    @property
    def runs(self) -> Path:
        """A folder for each run."""
        return self.folder / "runs"

    @property
    def workspaces(self) -> Path:
        """A folder for each workspace."""
        return self.own / "workspaces"
