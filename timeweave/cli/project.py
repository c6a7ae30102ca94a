"""The project in the working folder, with the engines that its runs are on."""

import functools
import importlib.util

import typer

from timeweave.project.project_folder import ProjectFolder
from timeweave.runs.register import Register
from timeweave.runtime.errors import ConfigurationError

MARK = "temporal"
"""A file of a project that has to do with Temporal, so that lists of runs ask it."""


def open_register() -> Register:
    """All runs of the project; those on Temporal where it has to do with Temporal."""
    project = ProjectFolder.here()
    if not (project.own / MARK).exists():
        return Register(project)
    require_temporal()
    from timeweave.temporal.engine import Temporal

    return Register(project, Temporal(functools.partial(typer.echo, err=True)))


def open_temporal_register() -> Register:
    """The same for a project that has to do with Temporal from now on."""
    require_temporal()
    (ProjectFolder.here().own / MARK).touch()
    return open_register()


def require_temporal() -> None:
    """Say how to install it where it is missing."""
    if importlib.util.find_spec("temporalio") is None:
        raise ConfigurationError("Temporal is an extra: pip install -e '.[temporal]'")
