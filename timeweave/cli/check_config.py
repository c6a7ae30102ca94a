"""timeweave check-config: the enrichment configuration held against the workspace, before a run does it."""

import dataclasses
import json
from pathlib import Path
from typing import Annotated

import typer


def check_config(
    entities: Annotated[Path, typer.Option(help="The work items of the last run.")] = Path("data/entities.json"),
    as_json: Annotated[bool, typer.Option("--json", help="The same for machines.")] = False,
) -> None:
    """Check the enrichment configuration against Fibery, and list databases that people log time on but it leaves out."""
    from timeweave.enrichment.config_check import check_config as check
    from timeweave.project.parameters import load_parameters

    given = load_parameters(Path("params.yaml"))
    config = Path(given.enrichment.config)
    found = check(config, entities, source=given.source, settings=given.fibery, as_of=given.as_of)
    if as_json:
        typer.echo(json.dumps(dataclasses.asdict(found) | {"path": str(found.path)}, indent=1, ensure_ascii=False))
        return
    typer.echo(found.text)
