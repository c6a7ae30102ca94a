"""A project's folder with nothing in it but what commands read before they start anything."""

import subprocess

from tests.project import ROOT
from timeweave.project.parameters import edit_parameters
from timeweave.project.project_paths import ProjectFolder
from timeweave.runs.manifest import Location, Manifest, Request, Status
from timeweave.runs.register import Register
from timeweave.runs.run_folder import RunFolder

WEEK = {"start": "2025-10-06", "end": "2025-10-12"}


def make_register(folder, **values) -> Register:
    """The project's own files, with `section__key` of params.yaml set."""
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    (folder / ".dvc").mkdir(exist_ok=True)
    (folder / "dvc.yaml").write_text((ROOT / "dvc.yaml").read_text())
    wanted = {key.replace("__", "."): value for key, value in values.items()}
    (folder / "params.yaml").write_text(edit_parameters((ROOT / "params.yaml").read_text(), wanted))
    return Register(ProjectFolder(folder))


def keep_run(register, run, at, experiment=None, **asked) -> RunFolder:
    """The folder of a completed run, of the demo's week if nothing else is asked, made at that time."""
    manifest = Manifest(
        id=run, status=Status.completed, where=Location.here, started_at=at, numbers={"hours": 1}, experiment=experiment,
        parameters=Request(**{"source": "demo", "as_of": "2025-10-14"} | WEEK | asked),
    )  # fmt: skip
    folder = register.open(run)
    folder.write_manifest(manifest)
    return folder
