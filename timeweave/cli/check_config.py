"""timeweave check-config: the files that people edit, checked before a run does it; enrichment is held against the workspace."""

import dataclasses
import json
from pathlib import Path
from typing import Annotated, Any

import typer


def check_config(
    entities: Annotated[Path, typer.Option(help="The file with the work items of the last run.")] = Path(
        "data/entities.json"
    ),
    directory: Annotated[Path, typer.Option(help="The file with the people of the last run.")] = Path(
        "data/toggl/directory.json"
    ),
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Check team, categories and enrichment, and compare them with Fibery and with the people in Toggl.

    It also lists databases that people log time on, but that the configuration leaves out.
    """
    from timeweave.analysis import category_rules, roster, team_file
    from timeweave.enrichment.config_coverage import check_config as check
    from timeweave.models.directory import Directory
    from timeweave.project.parameters import load_parameters
    from timeweave.runtime import document

    given = load_parameters(Path("params.yaml"))
    config = Path(given.enrichment.config)
    team = team_file.load(Path(given.analysis.team))
    category_rules.load(Path(given.analysis.categories))
    found = check(config, entities, source=given.source, settings=given.fibery, as_of=given.as_of)
    categories = category_rules.load(Path(given.analysis.categories), found.databases)
    known = document.read(directory, Directory) if directory.exists() else None
    unnamed, unlisted = roster.find_differences(team, known, given.as_of) if known else ([], [])
    more = {
        "people": len(team.people),
        "unnamed_people": [" ".join(filter(None, (one.name, one.email))) for one in unnamed],
        "unlisted_people": [one.email for one in unlisted],
        "teams": len(team.teams),
        "categories": len(categories.rules),
        "unread_fields": categories.find_unread(found.fields),
    }
    if as_json:
        told = dataclasses.asdict(found) | {"path": str(found.path)} | more
        typer.echo(json.dumps(told, indent=1, ensure_ascii=False))
        return
    typer.echo(_describe(given.analysis.team, given.analysis.categories, str(config), more))
    typer.echo(found.text)


def _describe(team: str, categories: str, config: str, found: dict[str, Any]) -> str:
    """What was found in the two files that no service knows of."""
    from timeweave.runs.stage_status import format_count

    people, teams = format_count(found["people"], "person", "people"), format_count(found["teams"], "team", "teams")
    rules = format_count(found["categories"], "category", "categories")
    lines = [f"{team} is in order: {people}, {teams}"]
    lines += [f"  {one}: Toggl lists them, and nothing is expected of them" for one in found["unnamed_people"]]
    lines += [
        f"  {one}: Toggl lists nobody with this address; put a person's other addresses into `aliases`"
        for one in found["unlisted_people"]
    ]
    lines += [f"{categories} is in order: {rules}"]
    lines += [
        f"  {one}: no database in {config} fetches this field, so that it never matches"
        for one in found["unread_fields"]
    ]
    return "\n".join(lines)
