"""timeweave diff-runs: the numbers of two runs side by side."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

from timeweave.runtime.errors import ConfigurationError

if TYPE_CHECKING:
    from timeweave.runs.manifest import Manifest


def diff_runs(
    first: Annotated[
        str,
        typer.Argument(
            help="A run: an id (see timeweave list-runs), `latest`, `workspace`, or a period such as 2026-W47."
        ),
    ],
    second: Annotated[str, typer.Argument(help="Another run, named in the same way.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Compare two runs side by side: headline, hours by category and by person. The earlier period comes first."""
    from timeweave.cli.run_text import open_register
    from timeweave.runs.comparison import compare_runs, order_runs

    register = open_register()
    earlier, later = order_runs(register.find(first), register.find(second))
    if earlier.id == later.id:
        raise ConfigurationError(f"{first} and {second} are one run, {later.id}; name another to compare it with")
    if earlier.parameters.whose != later.parameters.whose:
        typer.echo(f"not only the time differs: {_describe(earlier)}, {_describe(later)}", err=True)
    rows = compare_runs(register, earlier, later)
    if as_json:
        found = [
            {"name": row.name, "label": row.label, "first": row.first, "second": row.second, "change": row.change}
            for row in rows
        ]
        typer.echo(json.dumps(found, indent=1, ensure_ascii=False))
        return
    name = max(len(row.label) for row in rows)
    wide = max(len(earlier.id), len(later.id), 10)
    typer.echo(f"{'':<{name}}  {earlier.id:>{wide}}  {later.id:>{wide}}  {'Change':>10}")
    for row in rows:
        typer.echo(f"{row.label:<{name}}  {_format(row.first):>{wide}}  {_format(row.second):>{wide}}  {row.sign:>10}")


def _describe(run: "Manifest") -> str:
    """Whose time it is."""
    source, account, users = run.parameters.whose
    return f"{run.id} is about {', '.join(users) or 'everyone'} in {f'{source} {account}'.rstrip()}"


def _format(value: float | int | str | None) -> str:
    return "-" if value is None else value if isinstance(value, str) else f"{value:,}"
