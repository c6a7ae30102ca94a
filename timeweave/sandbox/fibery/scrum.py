"""The space Scrum: what engineers and testers work on."""

from fractions import Fraction
from typing import TYPE_CHECKING

from timeweave.sandbox.fibery import kinds
from timeweave.sandbox.fibery.shape import EPIC, LONG, Database, Field
from timeweave.sandbox.sprints import first_day, sprint_of

if TYPE_CHECKING:
    from timeweave.sandbox.fibery.entities import Item

_PRIORITIES = ("Low", "Medium", "High", "Urgent")
_SEVERITIES = ("Cosmetic", "Minor", "Major", "Critical")
_ALL = ("workflow", "assignments", "comments", "files")
_DATES = (
    kinds.planned("Scrum/Planned Start", "planned_start"),
    kinds.planned("Scrum/Planned End", "planned_end"),
    kinds.happened("Scrum/Started Date", "started"),
    kinds.happened("Scrum/Completion Date", "completed"),
)


def toggl_text(item: "Item") -> str:
    """The text that Fibery offers for the timer."""
    return f"{item.title} #{item.number} [{item.database.space}] [{item.database.name.partition('/')[2]}] [{item.project.name}]"


def project(name: str, back: str) -> Field:
    """The relation to the project an item is for."""
    return Field(
        name, "Project management/Project", kinds.of_item(lambda i: i.workspace.project(i.project.number)), back=back
    )


TASK = Database("Scrum/Task", (
    kinds.title("Scrum/Name"), kinds.document("Scrum/Description"), kinds.document("Scrum/Impact analysis desc"),
    *_DATES, kinds.planned("Scrum/Review Planned End", "planned_end", empty=0.6),
    kinds.choice("Scrum/Priority", *_PRIORITIES), kinds.choice("Scrum/AI Involvement", "None", "Some", "Most", empty=0.5),
    kinds.decimal("Scrum/Story Points", "0.5", 16), kinds.decimal("Scrum/Effort (pt)", "0.25", 20, empty=0.4),
    kinds.whole("Scrum/Estimate (D)", 1, 8), kinds.boolean("Scrum/Skip test", 0.1),
    kinds.formula("Scrum/Toggl", "fibery/text", toggl_text),
    kinds.text("Scrum/Branch name", lambda i: f"task/{i.number}"),
    Field("Scrum/Time guess_k3x9q2a_deleted", "fibery/decimal", deleted=True),
    kinds.parent("Scrum/Feature", "Scrum/Feature", "Scrum/Tasks", span=3),
    kinds.parent("Scrum/Sprint", "Scrum/Sprint", "Scrum/Tasks", span=1),
    project("Scrum/Project", "Scrum/Tasks"),
    kinds.lookup("Scrum/Epic", "Scrum/Epic", "Scrum/Feature", "Scrum/Epic"),
    kinds.lookup("Scrum/Feature Assignees", "fibery/user", "Scrum/Feature", "assignments/assignees", many=True),
), Fraction(24), roles=("engineer",), home=("Scrum/Feature",), mixins=_ALL)  # fmt: skip

BUG = Database("Scrum/Bug", (
    kinds.title("Scrum/name"), kinds.document("Scrum/description"), kinds.document("Scrum/Root cause"), *_DATES,
    kinds.choice("Scrum/Priority", *_PRIORITIES), kinds.choice("Scrum/Severity", *_SEVERITIES),
    kinds.whole("Scrum/Effort (Pt)", 1, 8), kinds.formula("Scrum/Toggl", "fibery/text", toggl_text),
    kinds.parent("Scrum/Feature", "Scrum/Feature", "Scrum/Bugs", span=3, empty=0.2),
    kinds.parent("Scrum/Sprint", "Scrum/Sprint", "Scrum/Bugs", span=1),
    kinds.lookup("Scrum/Project", "Project management/Project", "Scrum/Feature", "Scrum/Project"),
), Fraction(14), roles=("engineer", "qa"), home=("Scrum/Feature",), mixins=_ALL)  # fmt: skip

SUB_TASK = Database("Scrum/Sub-task", (
    kinds.title("Scrum/name"), kinds.document("Scrum/Description"),
    kinds.planned("Scrum/Planned Start", "planned_start"), kinds.planned("Scrum/Planned End", "planned_end"),
    kinds.happened("Scrum/Started Date", "started"), kinds.happened("Scrum/Completed Date", "completed"),
    kinds.decimal("Scrum/Estimate (H)", "0.5", 16),
    kinds.formula("Scrum/Project ", "fibery/text", lambda i: i.project.name),
    kinds.parent("Scrum/Task", "Scrum/Task", "Scrum/Sub-tasks", span=1, empty=0.2),
    kinds.parent("Scrum/Bug", "Scrum/Bug", "Scrum/Sub-tasks", span=1, empty=0.0, unless="Scrum/Task"),
), Fraction(20), roles=("engineer",), home=("Scrum/Task", "Scrum/Bug"), mixins=("workflow",))  # fmt: skip

SUB_BUG = Database("Scrum/Sub-bug", (
    kinds.title("Scrum/Name"), kinds.document("Scrum/Description"), kinds.choice("Scrum/Severity", *_SEVERITIES),
    kinds.whole("Scrum/Estimate", 1, 12),
    kinds.happened("Scrum/Started Date", "started"), kinds.happened("Scrum/Completion Date", "completed"),
    kinds.parent("Scrum/Bug", "Scrum/Bug", "Scrum/Sub-bugs", span=1, empty=0.3),
    kinds.parent("Scrum/Task", "Scrum/Task", "Scrum/Sub-bugs", span=1, empty=0.0, unless="Scrum/Bug"),
), Fraction(10), roles=("qa",), home=("Scrum/Bug", "Scrum/Task"), mixins=("workflow", "comments"))  # fmt: skip

FEATURE = Database("Scrum/Feature", (
    kinds.title("Scrum/name"), kinds.document("Scrum/description"), kinds.document("Scrum/Action points"),
    kinds.planned("Scrum/Dev Planned Start Date", "planned_start"),
    kinds.planned("Scrum/Dev Planned End Date", "planned_end"),
    kinds.happened("Scrum/Dev Actual Start Date", "started"),
    kinds.happened("Scrum/Dev Actual End Date", "completed", "fibery/date"),
    kinds.choice("Scrum/Appetite", "Small", "Medium", "Big"), kinds.choice("Scrum/Priority", *_PRIORITIES),
    kinds.choice("Scrum/Quarter", "Q1", "Q2", "Q3", "Q4", many=True), kinds.text("Scrum/Status update"),
    kinds.decimal("Scrum/Budget", "250", 40, secured=True),
    kinds.parent("Scrum/Epic", "Scrum/Epic", "Scrum/Features", span=8, empty=0.05), project("Scrum/Project", "Scrum/Features"),
), Fraction(3), roles=("lead", "product"), pace=LONG, mixins=_ALL)  # fmt: skip

EPIC_ = Database("Scrum/Epic", (
    kinds.title("Scrum/Name"), kinds.document("Scrum/Description"),
    kinds.planned("Scrum/Planned Start", "planned_start"), kinds.planned("Scrum/Planned End", "planned_end"),
    kinds.choice("Scrum/Priority", *_PRIORITIES),
), Fraction(1, 4), roles=("lead",), pace=EPIC, lasting=True,
    mixins=("workflow", "assignments", "comments"))  # fmt: skip

SPRINT = Database("Scrum/Sprint", (
    kinds.formula_title("Scrum/Name", lambda i: f"Sprint {i.number}"),
    Field("Scrum/#", "fibery/int", lambda e, _: e.number),
    kinds.formula("Scrum/IsCurrent", "fibery/bool", lambda i: sprint_of(i.now.date()) == i.sprint),
    kinds.date_range("Scrum/Planned dates", lambda i: first_day(i.sprint), 14),
), roles=("lead",), lasting=True)  # fmt: skip

CHORE = Database("Scrum/Chore", (
    kinds.title("Scrum/Name"), kinds.document("Scrum/Description"), kinds.planned("Scrum/ETA", "planned_end"),
    kinds.choice("Scrum/Important", "Yes", "No"), kinds.choice("Scrum/Size", "S", "M", "L"),
), Fraction(4), roles=("engineer", "qa"), mixins=("workflow", "assignments"))  # fmt: skip

BUILD = Database("Scrum/Build", (
    kinds.formula_title("Scrum/Name", lambda i: f"Build 4.{i.number // 10}.{i.number % 10}"),
    kinds.document("Scrum/description"), kinds.document("Scrum/What to build"),
    kinds.parent("Scrum/Release", "Scrum/Release", "Scrum/Builds", span=1),
), Fraction(2), roles=("qa", "lead"), mixins=("workflow", "comments"))  # fmt: skip

RELEASE = Database("Scrum/Release", (
    kinds.formula_title("Scrum/Name", lambda i: f"Release {4 + i.number // 100}.{i.number % 100}"),
    kinds.document("Scrum/Highlights"), kinds.document("Scrum/Description"),
    kinds.planned("Scrum/Planned Release Date", "planned_end"),
    kinds.happened("Scrum/Actual Release Date", "completed", "fibery/date"),
), roles=("lead",), mixins=("workflow",), lasting=True)  # fmt: skip

DATABASES = (TASK, BUG, SUB_TASK, SUB_BUG, FEATURE, EPIC_, SPRINT, CHORE, BUILD, RELEASE)
