"""timeweave doctor: is everything there that a run needs?"""

import dataclasses
import json
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from timeweave.project.project_paths import ProjectFolder


def doctor(
    repair: Annotated[bool, typer.Option("--repair", help="Mend what can be mended, and say what was done.")] = False,
    probe: Annotated[
        bool,
        typer.Option(
            "--probe", help="Find out what Toggl and Fibery do not document, with a few requests that only read."
        ),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Check everything that a run needs, and say what to do: git, DVC, files, parameters, tokens, access, quota, schema.

    --repair deletes nothing: damaged files are kept in .timeweave/damaged, or in the archive's folder `damaged`.
    """
    from timeweave.project.project_check import check_project
    from timeweave.project.project_paths import ProjectFolder
    from timeweave.project.repair import find_damage

    project = ProjectFolder.here()
    if repair:
        for damage in find_damage(project):
            typer.echo(f"{damage.about}: {damage.text}: {damage.mend()}", err=True)
    if probe:
        _probe(project, as_json)
        return
    found = []
    for one in check_project(project):
        found.append(one)
        if not as_json:
            typer.echo(f"{one.state:<6} {one.about:<12} {one.text}")
    if as_json:
        typer.echo(json.dumps([dataclasses.asdict(one) for one in found], indent=1, ensure_ascii=False))
    codes = [one.exit_code for one in found if one.exit_code]
    if codes:
        raise typer.Exit(codes[0])


def _probe(project: "ProjectFolder", as_json: bool) -> None:
    """Nothing else is looked at: a probe is asked for once, not with each check."""
    from timeweave.project.parameters import load_parameters
    from timeweave.project.undocumented_behaviour import ANNOUNCEMENT
    from timeweave.project.undocumented_behaviour import probe as ask

    typer.echo(ANNOUNCEMENT, err=True)
    found = []
    for one in ask(load_parameters(project.params)):
        found.append(one)
        if not as_json:
            typer.echo(f"{one.about}\n  found      {one.found}\n  timeweave  {one.client}")
    if as_json:
        typer.echo(json.dumps([dataclasses.asdict(one) for one in found], indent=1, ensure_ascii=False))
