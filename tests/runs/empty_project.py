"""A project's folder with nothing in it but what commands read before they start anything."""

import subprocess

from tests.project import ROOT
from timeweave.project.parameters import edit_parameters
from timeweave.project.project_folder import ProjectFolder
from timeweave.runs.register import Register


def make_register(folder, **values) -> Register:
    """The project's own files, with `section__key` of params.yaml set."""
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    (folder / ".dvc").mkdir(exist_ok=True)
    (folder / "dvc.yaml").write_text((ROOT / "dvc.yaml").read_text())
    wanted = {key.replace("__", "."): value for key, value in values.items()}
    (folder / "params.yaml").write_text(edit_parameters((ROOT / "params.yaml").read_text(), wanted))
    return Register(ProjectFolder(folder))
