"""The project in the working folder, with the engines that its runs are on."""

import functools
import importlib.util

import typer

from timeweave.runs.home import Home
from timeweave.runs.register import Register
from timeweave.runtime.errors import ConfigurationError

MARK = "temporal"
"""A file of a project that has to do with Temporal, so that lists of runs ask it."""


def register() -> Register:
    """All runs of the project; those on Temporal where it has to do with Temporal."""
    home = Home.here()
    if not (home.own / MARK).exists():
        return Register(home)
    require_temporal()
    from timeweave.temporal.mirror import Temporal

    return Register(home, Temporal(functools.partial(typer.echo, err=True)))


def register_of_temporal() -> Register:
    """The same for a project that has to do with Temporal from now on."""
    require_temporal()
    (Home.here().own / MARK).touch()
    return register()


def require_temporal() -> None:
    """Say how to install it where it is missing."""
    if importlib.util.find_spec("temporalio") is None:
        raise ConfigurationError("Temporal is an extra: pip install -e '.[temporal]'")
