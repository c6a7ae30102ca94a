"""A project's folder with nothing in it but what commands read before they start anything."""

import subprocess

from tests.project import ROOT
from timeweave.runs import edits
from timeweave.runs.home import Home
from timeweave.runs.register import Register


def register(folder, **values) -> Register:
    """The project's own files, with `section__key` of params.yaml set."""
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    (folder / ".dvc").mkdir()
    (folder / "dvc.yaml").write_text((ROOT / "dvc.yaml").read_text())
    wanted = {key.replace("__", "."): value for key, value in values.items()}
    (folder / "params.yaml").write_text(edits.edited((ROOT / "params.yaml").read_text(), wanted))
    return Register(Home(folder))
