"""What several commands have, written once: which run, which days, and how help lists commands."""

from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

if TYPE_CHECKING:
    from timeweave.runs.manifest import Manifest
    from timeweave.runs.register import Register

_RUN = (
    "Which run: an id (see timeweave list-runs), `latest`, a period such as 2026-W47 (its newest completed run), or "
    "`workspace` (what `dvc repro` wrote)."
)
RunArgument = Annotated[str, typer.Argument(metavar="RUN", help=f"{_RUN} Default: latest.")]
OtherRunArgument = Annotated[str, typer.Argument(metavar="RUN", help=_RUN)]
"""The same where something else than the latest is meant without it."""
RunOption = Annotated[str, typer.Option("--run-id", help="The same as RUN.")]
FirstDay = Annotated[str, typer.Option("--from", "--start-date", help="The first day, such as 2025-10-07.")]
LastDay = Annotated[str, typer.Option("--to", "--end-date", help="The last day (included).")]
PeriodName = Annotated[
    str,
    typer.Option(
        "--period",
        help="A period, instead of --from and --to: today, yesterday, last-week, this-week, last-month, this-month, 2026-W47, "
        "2026-11, 2026-Q4 or 2026.",
    ),
]
LookDay = Annotated[
    str,
    typer.Option(
        "--as-of", help="Look at the data as of this day. Default: today, or for the demo the day in params.yaml."
    ),
]


class CommandGroup(TyperGroup):
    """Shows its commands below headings, as plain text: what draws boxes takes longer to load than all else."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """In the order in which they were added."""
        found: dict[str, list[tuple[str, str]]] = {}
        width = max(map(len, self.commands))
        for name in self.list_commands(ctx):
            title = getattr(self.commands[name], "rich_help_panel", None) or "Commands"
            line = (f"{name:<{width}}", self.commands[name].get_short_help_str(limit=200))
            found.setdefault(title, []).append(line)
        for title, lines in found.items():
            with formatter.section(title):
                formatter.write_dl(lines)


def find_run(register: "Register", position: str, option: str) -> "Manifest":
    """The run that is named, in either way; the completed one of the newest period where none is."""
    from timeweave.runtime.errors import ConfigurationError

    if position and option and position != option:
        raise ConfigurationError(f"two runs are named, {position} and --run-id {option}; name one")
    name = position or option
    found = register.find(name) if name else register.find_newest()
    if found.parameters.users and name != found.id:
        typer.echo(f"{found.id} is a run of {', '.join(found.parameters.users)} only", err=True)
    return found
