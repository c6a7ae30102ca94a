"""Strategies for entries of an invented team: any seconds, any texts, few people and items."""

from hypothesis import strategies as st

from tests.reports import samples
from tests.reports.samples import Entry, Person
from timeweave.models.enriched import Completion, Enriched, State

TEXTS = st.sampled_from(
    ["", "review", "Checkout form", "| a | b |", "<b>x</b>", "*x* [y](javascript:1)", "שלום"]
) | st.text(max_size=30)
PEOPLE = (samples.MIRA, samples.JONAS, samples.ANOUK, Person(7, "", None))
ITEMS = (
    samples.TASK,
    samples.SUBTASK,
    samples.BUG,
    samples.LOST,
    samples.STRANGE,
    (None, None, "12"),
    ("product", "FEATURE", "5"),
)
DAYS = [f"2025-10-{day:02d}" for day in range(7, 14)]

ENTRIES = st.lists(
    st.builds(
        Entry,
        person=st.sampled_from(PEOPLE),
        day=st.sampled_from(DAYS),
        seconds=st.integers(0, 40_000),
        text=TEXTS,
        item=st.sampled_from([None, *ITEMS]),
        project=st.sampled_from([None, "Apollo", "Borealis"]),
        billable=st.booleans(),
    ),
    max_size=14,
)


def enriched() -> Enriched:
    """What Fibery says of `ITEMS`: the reference without a space is the same item as the task, one is a feature."""
    task = next(entity for entity in samples.ENTITIES if entity.public_id == "12")
    same = samples.entity((None, None, "12"), found_as="Scrum/Task", id=task.id, name=task.name)
    feature = samples.entity(
        ("product", "FEATURE", "5"),
        found_as="Product/Feature",
        name="Faster checkout",
        state=State(name="Doing", type="Started", final=False),
        progress=Completion(items=8, final=3, seconds=1),
    )
    return samples.enriched([*samples.ENTITIES, same, feature])
