"""timeweave doctor: is everything there that a run needs?"""

import dataclasses
import json
from typing import Annotated

import typer


def doctor(as_json: Annotated[bool, typer.Option("--json", help="The same for machines.")] = False) -> None:
    """Look at git, DVC, params.yaml, tokens, access, quota, schema and configuration, and say what to do."""
    from timeweave.project.project_check import check_project
    from timeweave.project.project_folder import ProjectFolder

    found = []
    for one in check_project(ProjectFolder.here()):
        found.append(one)
        if not as_json:
            typer.echo(f"{one.state:<6} {one.about:<12} {one.text}")
    if as_json:
        typer.echo(json.dumps([dataclasses.asdict(one) for one in found], indent=1, ensure_ascii=False))
    codes = [one.exit_code for one in found if one.exit_code]
    if codes:
        raise typer.Exit(codes[0])
