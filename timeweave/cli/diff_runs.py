"""timeweave diff-runs: the numbers of two runs side by side."""

import json
from typing import Annotated

import typer


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


def _format(value: float | int | str | None) -> str:
    return "-" if value is None else value if isinstance(value, str) else f"{value:,}"
