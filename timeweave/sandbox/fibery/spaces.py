"""The spaces Design, Product, Product Management and Project management."""

from fractions import Fraction

from timeweave.sandbox.fibery import kinds
from timeweave.sandbox.fibery.scrum import DATABASES as SCRUM
from timeweave.sandbox.fibery.scrum import project, toggl_text
from timeweave.sandbox.fibery.shape import EPIC, LONG, Database, Field
from timeweave.sandbox.projects import BY_NUMBER

WORK_VERSION = Database("Design/Work Version", (
    kinds.formula_title("Design/Name", lambda i: f"Version {1 + i.number % 4} of design {i.number}"),
    kinds.choice("Design/State", "Draft", "Sent for review", "Changes asked", "Accepted"),
    kinds.choice("Design/Review Outcome", "Accepted", "Rejected", empty=0.5),
    kinds.document("Design/Review Request"), kinds.document("Design/Review Feedback"),
    kinds.planned("Design/Sent for Review", "planned_start"), kinds.planned("Design/Planned End Date", "planned_end"),
    kinds.happened("Design/Review Completion Date", "completed"),
    kinds.formula("Design/Toggl", "fibery/text", toggl_text),
    kinds.parent("Design/Design Feature 1", "Design/Design Feature", "Design/Work Versions", span=2, empty=0.05),
    kinds.parent("Design/Task for Review", "Scrum/Task", "Design/Work Versions", span=1, empty=0.7),
), Fraction(6), roles=("designer",), home=("Design/Design Feature 1",), mixins=("Assignments", "comments"))  # fmt: skip

DESIGN_FEATURE = Database("Design/Design Feature", (
    kinds.title("Design/Name"), kinds.document("Design/Description"),
    kinds.choice("Design/Priority", "Low", "Medium", "High"), kinds.planned("Design/Planned Start", "planned_start"),
    kinds.planned("Design/Planned End", "planned_end"), kinds.happened("Design/Actual Start Date", "started"),
    kinds.whole("Design/Original Estimate (Days)", 3, 30),
    kinds.parent("Design/Feature", "Scrum/Feature", "Design/Design Features", span=2, empty=0.05),
    project("Design/Project", "Design/Design Features"),
), Fraction(3, 2), roles=("designer",), pace=LONG, home=("Design/Feature",), mixins=("workflow", "assignments", "comments"))  # fmt: skip

PRODUCT_FEATURE = Database("Product/Feature", (
    kinds.title("Product/Name"), kinds.document("Product/Description"),
    kinds.decimal("Product/Revenue Impact", "1250.50", 80), kinds.planned("Product/Launch Date", "planned_end", empty=0.1),
    kinds.planned("Product/Planned Start", "planned_start"), kinds.planned("Product/Planned End", "planned_end"),
    kinds.happened("Product/Started Date", "started"), kinds.happened("Product/Completion Date", "completed"),
    kinds.choice("Product/Segments", "Ports", "Rentals", "Schools", many=True),
    kinds.parent("Product/Delivered by", "Scrum/Feature", "Product/Features", span=2, empty=0.3),
    project("Product/Project", "Product/Features"),
), roles=("product",), pace=LONG, home=("Product/Delivered by",),
    mixins=("workflow", "assignments", "comments", "files"))  # fmt: skip

REQUEST = Database("Product Management/Request", (
    kinds.title("Product Management/Name"), kinds.document("Product Management/Description"),
    kinds.document("Product Management/Requirements"),
    kinds.choice("Product Management/Priority", "Could", "Should", "Must"),
    kinds.choice("Product Management/Source", "Mail", "Call", "Visit"),
    kinds.choice("Product Management/Requested by", "Sales", "Support", "Customer", many=True),
    kinds.planned("Product Management/Request date", "planned_start"),
    kinds.parent("Product Management/Feature", "Scrum/Feature", "Product Management/Requests", span=2, empty=0.4),
), Fraction(5), roles=("product", "lead"), home=("Product Management/Feature",),
    mixins=("workflow", "assignments", "comments", "files"))  # fmt: skip

FEEDBACK = Database("Product Management/Feedback", (
    kinds.title("Product Management/Name"), kinds.document("Product Management/Text"),
    kinds.parent("Product Management/Request", "Product Management/Request", "Product Management/Feedback", span=1, empty=0.3),
), Fraction(4), roles=("product",))  # fmt: skip

PROJECT = Database("Project management/Project", (
    Field("Project management/name", "fibery/text", lambda e, _: BY_NUMBER[e.number].name, meta={"ui/title?": True}),
    Field("Project management/Toggl Project Id", "fibery/text", lambda e, _: str(BY_NUMBER[e.number].id)),
    kinds.document("Project management/Description"),
), fixed=len(BY_NUMBER), roles=("lead",), pace=EPIC, lasting=True,
    mixins=("workflow", "assignments"))  # fmt: skip

DATABASES = (*SCRUM, WORK_VERSION, DESIGN_FEATURE, PRODUCT_FEATURE, REQUEST, FEEDBACK, PROJECT)
