"""A workspace and a configuration for tests that need no server."""

from pathlib import Path

from tests.fibery.shapes import database, field, select, state, workspace
from timeweave.enrichment import config_file
from timeweave.enrichment.config_file import Configuration
from timeweave.enrichment.schema_check import DatabaseEntries, match_entries

KNOWN = workspace(
    database(
        "Scrum/Sub-task",
        field("Scrum/Bug", "Scrum/Bug"),
        field("Scrum/Task", "Scrum/Task"),
        field("workflow/state", "workflow/state_Scrum/Sub-task"),
    ),
    database("Scrum/Sub-bug", field("Scrum/Bug", "Scrum/Bug"), field("Scrum/Task", "Scrum/Task")),
    database(
        "Scrum/Task",
        field("Scrum/Feature", "Scrum/Feature"),
        field("Scrum/BA Feature", "Scrum/Feature"),
        field("Scrum/Epic", "Scrum/Epic", lookup=True),
        field("Scrum/Sprint", "Scrum/Sprint"),
        field("Scrum/Parent Task", "Scrum/Task"),
        field("Scrum/Time spent (H)", "fibery/decimal", formula=True),
        field("Scrum/Description", "Collaboration~Documents/Document"),
        field("Scrum/Notes", "Collaboration~Documents/Document"),
        field("comments/comments", "comments/comment", many=True),
        field("workflow/state", "workflow/state_Scrum/Task"),
    ),
    database("Scrum/Bug", field("Scrum/Feature", "Scrum/Feature"), field("workflow/state", "workflow/state_Scrum/Bug")),
    database(
        "Scrum/Feature",
        field("Scrum/Epic", "Scrum/Epic"),
        field("Scrum/Tasks", "Scrum/Task", many=True),
        field("Scrum/Bugs", "Scrum/Bug", many=True),
        field("Scrum/Budget", "fibery/decimal"),
    ),
    database("Scrum/Epic"),
    database("Scrum/Sprint", field("Scrum/Planned dates", "fibery/date-range")),
    database("Design/Task"),
    database("Design/Work Version", field("Design/Design Feature 1", "Design/Design Feature"), field("Design/Feature for Review", "Scrum/Feature"), field("Design/State", "Design/State_Design/Work Version")),
    database("Design/Design Feature", field("Design/Feature", "Scrum/Feature"), field("Design/Epic", "Scrum/Epic")),
    database("Product/Feature", field("Product/Delivered by", "Scrum/Feature")),
    select("Design/State_Design/Work Version"),
    *(state(f"workflow/state_Scrum/{name}") for name in ("Task", "Bug", "Sub-task")),
)  # fmt: skip


def configured(tmp_path: Path, text: str) -> Configuration:
    """The configuration that `text` holds."""
    path = tmp_path / "config.yaml"
    path.write_text(f"enrichment_activities:\n{text}", encoding="utf-8")
    return config_file.load(path)


def match(tmp_path: Path, text: str) -> DatabaseEntries:
    """The same, held against the workspace."""
    return match_entries(configured(tmp_path, text), KNOWN)
