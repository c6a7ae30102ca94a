"""timeweave diff-runs: the numbers of two runs side by side."""

import json
from typing import Annotated

import typer


def diff_runs(
    first: Annotated[str, typer.Argument(help="The id of a run: timeweave list-runs.")],
    second: Annotated[str, typer.Argument(help="The id of another.")],
    as_json: Annotated[bool, typer.Option("--json", help="The same for machines.")] = False,
) -> None:
    """Compare two runs: each number of the headline and each person's hours, with the difference."""
    from timeweave.cli.run_text import open_register
    from timeweave.runs.comparison import compare_runs

    register = open_register()
    rows = compare_runs(register, register.find(first), register.find(second))
    if as_json:
        found = [{"name": row.name, "first": row.first, "second": row.second, "change": row.change} for row in rows]
        typer.echo(json.dumps(found, indent=1, ensure_ascii=False))
        return
    name = max(len(row.name) for row in rows)
    wide = max(len(first), len(second), 10)
    typer.echo(f"{'':<{name}}  {first:>{wide}}  {second:>{wide}}  {'change':>10}")
    for row in rows:
        typer.echo(f"{row.name:<{name}}  {_format(row.first):>{wide}}  {_format(row.second):>{wide}}  {row.sign:>10}")


def _format(value: float | int | str | None) -> str:
    return "-" if value is None else value if isinstance(value, str) else f"{value:,}"
