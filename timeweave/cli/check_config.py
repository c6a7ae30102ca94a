"""timeweave check-config: the files that people edit, checked before a run does it; enrichment is held against the workspace."""

import dataclasses
import json
from pathlib import Path
from typing import Annotated

import typer


def check_config(
    entities: Annotated[Path, typer.Option(help="The work items of the last run.")] = Path("data/entities.json"),
    as_json: Annotated[bool, typer.Option("--json", help="The same for machines.")] = False,
) -> None:
    """Check team, categories and, against Fibery, the enrichment configuration, and list databases that people log time on but it leaves out."""
    from timeweave.analysis import category_file, team_file
    from timeweave.enrichment.config_check import check_config as check
    from timeweave.project.parameters import load_parameters
    from timeweave.runs.stage_log import format_count

    given = load_parameters(Path("params.yaml"))
    config = Path(given.enrichment.config)
    team, categories = team_file.load(), category_file.load()
    found = check(config, entities, source=given.source, settings=given.fibery, as_of=given.as_of)
    unread = categories.find_unread(found.fields)
    if as_json:
        counts = {"people": len(team.people), "teams": len(team.teams), "categories": len(categories.rules)}
        told = dataclasses.asdict(found) | {"path": str(found.path), "unread_fields": unread} | counts
        typer.echo(json.dumps(told, indent=1, ensure_ascii=False))
        return
    people, teams = format_count(len(team.people), "person", "people"), format_count(len(team.teams), "team", "teams")
    rules = format_count(len(categories.rules), "category", "categories")
    typer.echo(f"{team_file.PATH} is in order: {people}, {teams}\n{category_file.PATH} is in order: {rules}")
    for label in unread:
        typer.echo(f"  {label}: no database in {config} fetches this field, and a rule that asks for it never matches")
    typer.echo(found.text)
