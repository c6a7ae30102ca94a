"""The project in which runs are asked for, and where they are kept in it."""

import shutil
import uuid
from pathlib import Path

from timeweave.archive.files import DAMAGED
from timeweave.repository.run_workspace import has_dvc
from timeweave.runtime.errors import ConfigurationError
from timeweave.runtime.project import find_project, make_own_folder, make_private


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

    def list_open(self) -> list[Path]:
        """Folders of what is remembered and of results that others may look into."""
        folders = (self.own, self.runs)
        return [folder for folder in folders if folder.is_dir() and folder.stat().st_mode & 0o077]

    def close(self, folder: Path) -> str:
        """Let only its owner look into it; says so."""
        folder.chmod(0o700)
        return "closed"

    def keep_aside(self, path: Path) -> str:
        """Move what is damaged to `.timeweave/damaged/`; says where it is then."""
        place = path.relative_to(self.folder) if self.folder in path.parents else Path(*path.parts[-4:])
        target = self.own / DAMAGED / f"{place}.{uuid.uuid4().hex[:8]}"
        make_private(target.parent)
        shutil.move(path, target)
        return f"kept as {target}"
