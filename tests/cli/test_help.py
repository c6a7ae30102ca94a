"""What the help of commands says of what they take."""

import pytest
import typer

from timeweave.cli import app


def show_help(command, *above):
    """The help of a command and of all below it, by name."""
    context = command.make_context(command.name, [], resilient_parsing=True, parent=above[0] if above else None)
    found = {command.name: " ".join(command.get_help(context).split())}
    for each in getattr(command, "commands", {}).values():
        found |= show_help(each, context)
    return found


HELP = show_help(typer.main.get_command(app))


@pytest.mark.parametrize("name", HELP)
def test_values_are_called_by_what_they_are(name):
    assert "list[" not in HELP[name]
    assert "range>" not in HELP[name]


def test_a_run_to_cancel_is_one_that_has_not_ended():
    assert "Default: the newest run that has not ended." in HELP["cancel-run"]
    assert "completed" not in HELP["cancel-run"]
