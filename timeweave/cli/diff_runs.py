"""timeweave diff-runs: the numbers of two runs side by side."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

from timeweave.runtime.errors import ConfigurationError

if TYPE_CHECKING:
    from timeweave.runs.comparison import Row
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
    from timeweave.cli.run_text import describe_progress, open_register
    from timeweave.runs.comparison import compare_runs, order_runs

    register = open_register()
    typed = {first: register.find(first), second: register.find(second)}
    earlier, later = order_runs(typed[first], typed[second])
    if earlier.id == later.id:
        raise ConfigurationError(f"{first} and {second} are one run, {later.id}; name another to compare it with")
    if earlier.parameters.whose != later.parameters.whose:
        typer.echo(f"not only the time differs: {_describe(earlier)}, {_describe(later)}", err=True)
    for run in (earlier, later):
        if in_progress := describe_progress(run.parameters):
            days, _, _ = in_progress.partition(";")
            typer.echo(f"{run.id} is {days}; its numbers are not those of a whole period", err=True)
    rows, caution = compare_runs(register, earlier, later)
    if caution:
        typer.echo(caution, err=True)
    if as_json:
        found = [
            {"name": row.name, "label": row.label, "first": row.first, "second": row.second, "change": row.change}
            for row in rows
        ]
        typer.echo(json.dumps(found, indent=1, ensure_ascii=False))
        return
    names = {run.id: name for name, run in typed.items() if name != "latest"}
    heads = [names.get(run.id, run.id) for run in (earlier, later)]
    name = max(len(row.label) for row in rows)
    wide = max(10, *map(len, heads))
    typer.echo(f"{'':<{name}}  {heads[0]:>{wide}}  {heads[1]:>{wide}}  {'Change':>12}")
    for row in rows:
        one, other, change = _format_row(row)
        typer.echo(f"{row.label:<{name}}  {one:>{wide}}  {other:>{wide}}  {change:>12}".rstrip())


def _describe(run: "Manifest") -> str:
    """Whose time it is."""
    source, account, users = run.parameters.whose
    return f"{run.id} is about {', '.join(users) or 'everyone'} in {f'{source} {account}'.rstrip()}"


def _format_row(row: "Row") -> tuple[str, str, str]:
    """Both numbers and the change as people read them: shares in percent, and what they changed by in points."""
    from timeweave.analysis.metrics import SHARES

    def write(value: float | int | str | None) -> str:
        if value is None or isinstance(value, str):
            return value or "-"
        return f"{100 * value:.1f} %" if row.name in SHARES else f"{value:,}"

    if not row.change:
        change = ""
    elif row.name in SHARES:
        # A change below a twentieth of a point would read as none.
        change = f"{100 * row.change:+.{1 if abs(row.change) >= 0.0005 else 2}f} points"
    else:
        change = f"{row.change:+,g}"
    return write(row.first), write(row.second), change
