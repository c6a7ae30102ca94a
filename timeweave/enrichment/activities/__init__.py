"""Activities, one small module each, found by name: `enrich_x` is the function in `enrich_x.py`."""

import importlib
import pkgutil

from timeweave.enrichment.activity import Activity
from timeweave.runtime.errors import ConfigurationError
from timeweave.runtime.spelling import suggest


def list_names() -> list[str]:
    """The names that a configuration may use, sorted."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__))


def find(name: str) -> Activity:
    """The activity of that name; a ConfigurationError where there is none."""
    if name not in list_names():
        raise ConfigurationError(f"there is no activity {name!r}; {suggest(name, list_names())}")
    function = getattr(importlib.import_module(f"{__name__}.{name}"), name, None)
    if isinstance(function, Activity):
        return function
    if callable(function):
        return Activity(function)
    raise ConfigurationError(f"{name}.py has no function {name}; an activity has the name of its module")
