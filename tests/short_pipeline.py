"""The project with a short pipeline: for tests of what becomes of runs, not of what their stages compute.

Toggl and Fibery are asked by the stages that really do so; the others are a few lines of shell. Each stage can be held.
The code of the packages is not in the repository, so that a clone or a workspace of it is made at once.
"""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import yaml

from tests.project import BIN, Project, commit_all, make_once
from timeweave.project.parameters import edit_parameters

SHORT_STAGES = ["fetch_time", "aggregate_time", "extract_entities", "enrich_entities", "build_site"]
FEWEST_STAGES = ["fetch_time", "enrich_entities", "build_site"]
"""For tests in which other stages would only take time; the second one makes its items, too."""
HELD = "HELD_STAGES"
"""Names a folder: a stage with a file of its name there does not come to its end."""
BEGUN = '    note(stage=stage, event="begun")'
HOLD = f"""{BEGUN}
    import os
    held = os.path.join(os.environ.get("{HELD}", ""), stage)
    while os.path.exists(held):
        open(held + ".begun", "w").close()
        time.sleep(0.02)"""
STAND_IN = f"""stage=$1
note() {{ echo "{{\\"stage\\": \\"$stage\\", $1}}" >> "${{TIMEWEAVE_JOURNAL:-/dev/null}}"; }}
note '"event": "begun"'
if [ -n "${HELD}" ] && [ -e "${HELD}/$stage" ]; then touch "${HELD}/$stage.begun"; fi
while [ -n "${HELD}" ] && [ -e "${HELD}/$stage" ]; do sleep 0.2; done
case $stage in
  aggregate_time)
    ls data/toggl/days | tr '\\n' ' ' | sed 's/.*/{{"people": [], "days": "&"}}/' > data/aggregated.json
    echo '{{}}' > data/history.json ;;
  extract_entities) sh items ;;
  build_site)
    mkdir -p data/site data/reports
    cp metrics.json data/
    echo '# The report' > data/reports/team_summary.md
    echo '<title>The site</title>' > data/site/index.html ;;
esac
note '"event": "ended", "code": 0, "error": "", "seconds": 0'
"""
MAKE_ITEMS = """days=$(ls data/toggl/days | sed -n '1s/[^-]*-0*//;1s/-//;1s/[.]json//p')$(ls data/toggl/days | wc -l)
sed "s/DAYS/$days/" items.json > data/entities.json
"""
ITEMS = {
    "schema": 1,
    "entities": [{"space": "Scrum", "database": "Task", "public_id": str(n)} for n in (41, 42, "DAYS")],
}
"""The last one is named by the period, so that other periods ask Fibery again."""
METRICS = {
    "hours": 365.89, "entries": 282, "people": 11, "entities": 83, "done": 31, "overdue": 6, "matched_share": 0.9001,
    "enriched_share": 0.9268, "not_found": 2, "unknown_database": 1, "unresolved": 3, "failed": 0, "running": 1,
}  # fmt: skip
PARTS = (".ci", "stages", "config", ".dvc", "params.yaml", ".gitignore", ".dvcignore")


@dataclass
class Hold:
    """Stages that do not come to their end before they are let go."""

    folder: Path

    def begin(self, stage: str) -> None:
        """Let no stage of that name come to its end."""
        (self.folder / stage).touch()

    def has_begun(self, stage: str) -> bool:
        """Whether one is at work since."""
        return (self.folder / f"{stage}.begun").exists()

    def end(self, stage: str) -> None:
        """From now on stages of that name end."""
        for name in (stage, f"{stage}.begun"):
            (self.folder / name).unlink(missing_ok=True)


def copy_short(folder: Path, **environment: str) -> Project:
    """A copy of the project with the short pipeline, committed."""
    return Project(make_once("short", _make_short), environment).duplicate(folder)


def copy_shortest(folder: Path, **environment: str) -> Project:
    """The same with the fewest stages."""
    return Project(make_once("shortest", _make_shortest), environment).duplicate(folder)


def _make_short(folder: Path) -> None:
    _make(folder, is_shortest=False)


def _make_shortest(folder: Path) -> None:
    _make(folder, is_shortest=True)


def _make(folder: Path, is_shortest: bool) -> None:
    whole = make_once("held", _make_held)
    for name in PARTS:
        if (whole / name).is_dir():
            shutil.copytree(whole / name, folder / name)
        else:
            shutil.copy2(whole / name, folder / name)
    # Code lies in one place for all: no run has to lay it in and compile it.
    code = f'script=$1; shift; PYTHONPATH="{whole}" exec "{BIN}/python" "{whole}/$script" "$@"'
    (folder / "python").write_text(f"#!/bin/sh\n{code}\n")
    (folder / "python").chmod(0o755)
    (folder / "stand-in").write_text(STAND_IN)
    (folder / "items").write_text(MAKE_ITEMS)
    (folder / "items.json").write_text(json.dumps(ITEMS))
    (folder / "metrics.json").write_text(json.dumps(METRICS))
    stages = yaml.safe_load((whole / "dvc.yaml").read_text())["stages"]
    # Nothing is compared here, so that a run fetches its own days only.
    params = folder / "params.yaml"
    params.write_text(edit_parameters(params.read_text(), {"analysis.compare_periods": 0}))
    (folder / "dvc.yaml").write_text(yaml.safe_dump({"stages": shorten(stages, is_shortest)}, sort_keys=False))
    commit_all(Project(folder), "The project, with few stages")


def _make_held(folder: Path) -> None:
    """The project, whose stages can be held."""
    script = Project.copy(folder).folder / "timeweave" / "runtime" / "script.py"
    assert BEGUN in script.read_text()
    script.write_text(script.read_text().replace(BEGUN, HOLD))


def shorten(stages: dict[str, dict], is_shortest: bool) -> dict[str, dict]:
    """The short pipeline, of the project's own; code is no dependency, since it does not change."""
    short = {name: dict(stages[name]) for name in SHORT_STAGES}
    for name, stage in short.items():
        stage["deps"] = [dep for dep in stage["deps"] if not dep.startswith(("stages/", "timeweave/"))]
        if name not in ("fetch_time", "enrich_entities"):
            stage["cmd"] = f"sh stand-in {name}"
    short["build_site"] |= {
        "deps": ["data/aggregated.json", "data/enriched.json"],
        "outs": ["data/reports/team_summary.md", "data/site"],
        "metrics": ["data/metrics.json"],
    }
    if is_shortest:
        enrich = short["enrich_entities"]
        enrich |= {"cmd": f"sh items && {enrich['cmd']}", "deps": ["data/toggl/days", "${enrichment.config}"]}
        short["build_site"]["deps"] = ["data/enriched.json"]
    return {name: short[name] for name in (FEWEST_STAGES if is_shortest else SHORT_STAGES)}
