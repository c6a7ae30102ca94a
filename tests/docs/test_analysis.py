"""docs/analysis.md tells the truth: its examples are worked out, and it leaves out no figure, finding or threshold."""

import re
from datetime import date, time, timedelta

import msgspec
import pytest
import yaml

from tests.analysis.documents import CANCELLED, DONE, OPEN, WAITING, Log, Scene, full_time, item, member
from tests.project import ROOT
from timeweave.analysis import metrics
from timeweave.analysis.finding import rate
from timeweave.matching.parsed_description import match
from timeweave.models import analysis as model
from timeweave.models.aggregated import Finding, FindingKind
from timeweave.models.enriched import Assignee, Parent
from timeweave.models.entities import EntityKey
from timeweave.models.findings import FindingKind as Kind
from timeweave.runtime.analysis_params import Thresholds

PAGE = (ROOT / "docs" / "analysis.md").read_text(encoding="utf-8")
[WEEK, *GROUPS] = [yaml.load(block, yaml.CBaseLoader) for block in re.findall(r"(?s)```yaml\n(.*?)```", PAGE)]  # noqa: S506 - dates stay text
EXAMPLES = {name: example for group in GROUPS for name, example in group.items()}
DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
PEOPLE = {"ana": 1, "ben": 2}
KEYS = {str(number): name for name, number in PEOPLE.items()}
STATES = {one.name: one for one in (OPEN, WAITING, DONE, CANCELLED)}
FEATURE = EntityKey(space="Product", database="Feature", public_id="5")
LINE = re.compile(r"(?:(?P<who>\w+): )?(?P<day>\w{3}) (?P<at>[\d:]{5,8})(?: for (?P<length>[\d:]+))?(?P<text>,.*)?")


def parse(node, name=""):
    """What YAML's own scalars mean, but for dates and public ids, which stay text."""
    if isinstance(node, dict):
        return {key: parse(value, key) for key, value in node.items()}
    if isinstance(node, list):
        return [parse(value) for value in node]
    return node if name == "public_id" or re.fullmatch(r"\d{4}-\d\d-\d\d", node) else yaml.safe_load(node)


def read_line(line):
    """`Ben: Tue 09:00 for 1:00, Checkout form #12 [Scrum] [Task], billable` as an entry, and what the matching says of it."""
    found = LINE.fullmatch(line)
    day = date(2025, 10, 6) + timedelta(days=DAYS.index(found["day"]))
    parts = [*map(int, (found["length"] or "0:00").split(":")), 0]
    text = "Checkout form #12 [Scrum] [Task]" if found["text"] is None else found["text"].removeprefix(",").strip()
    text, billable, _ = text.partition(", billable")
    read = match(text)
    key = read.reference and EntityKey(
        space=read.reference.space, database=read.reference.database, public_id=read.reference.public_id
    )
    start = f"{day}T{time.fromisoformat(found['at'])}"
    who = PEOPLE[(found["who"] or "ana").lower()]
    return Log(
        start, parts[0] * 3600 + parts[1] * 60 + parts[2], read.text, who, key, billable=bool(billable)
    ), read.flags


def note(kind, at, log):
    return Finding(kind=FindingKind(kind), user_id=log.who, entry_id=at, text=log.text, start=f"{log.start}+00:00")


def read_state(known):
    """What the page says of an item or a feature, with its state as Fibery has it."""
    return known | {"state": STATES[known["state"]]} if "state" in known else dict(known)


def describe(number, known, feature):
    """An item of the page."""
    key = EntityKey(space="Scrum", database="Task", public_id=number)
    given = read_state(known)
    given["assignees"] = [Assignee(**one) for one in given.get("assignees", ())]
    if feature:
        given["parents"] = [
            Parent(relation="Feature", space="Product", database="Feature", public_id="5", name=feature["name"])
        ]
    return item(key, **given)


def build(example):
    """The scene of an example."""
    read = [read_line(line) for line in example.get("logged", ())]
    running = [read_line(line)[0] for line in example.get("running", ())]
    notes = [note(flag, at, log) for at, (log, flags) in enumerate(read, 1) for flag in flags]
    notes += [note("running", 100 + at, log) for at, log in enumerate(running)]
    feature = parse(example.get("feature", {}))
    ana = {"email": "ana@b.example"} | parse(example.get("team", {}).get("ana", {}))
    return Scene(
        logs=[log for log, _ in read],
        start="2025-10-06",
        end="2025-10-12",
        accounts=[member(1, "ana@b.example", name="Ana"), member(2, "ben@b.example", name="Ben")],
        team=full_time(ana),
        categories=[parse(rule) for rule in example.get("categories", ())],
        entities=[describe(number, parse(known or {}), feature) for number, known in example.get("items", {"12": {}}).items()],
        ancestors=[item(FEATURE, **read_state(feature))] if feature else (),
        enriched=parse(example.get("enriched", {})),
        past=[[read_line(line)[0] for line in lines] for lines in example.get("before", ())],
        notes=notes,
    )  # fmt: skip


def write(finding):
    """A finding as the page has it."""
    return {
        "seconds": finding.seconds,
        "severity": str(finding.severity),
        "days": [DAYS[date.fromisoformat(day).weekday()] for day in finding.days],
        "people": [KEYS[key] for key in finding.people],
        "entries": finding.entry_ids,
        "item": finding.item and int(finding.item.public_id),
        "feature": finding.feature,
        "values": msgspec.to_builtins(finding.values),
    }


def find(kind, example):
    """The findings of a kind and, where the page says so, of a severity and of people."""
    wanted = parse(example["finding"])
    found = [write(one) for one in build(example).analyze().findings if one.kind == kind]
    return [one for one in found if all(wanted.get(part, one[part]) == one[part] for part in ("severity", "people"))]


def get_kind(name):
    return name.partition(",")[0]


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_the_page_finds_is_found(name):
    wanted = parse(EXAMPLES[name]["finding"])
    [found] = find(get_kind(name), EXAMPLES[name])
    values = wanted.pop("values", {})
    assert {key: found[key] for key in wanted} == wanted
    assert {key: found["values"][key] for key in values} == values


@pytest.mark.parametrize("name", EXAMPLES)
def test_in_the_nearest_other_case_it_is_not_found(name):
    assert find(get_kind(name), EXAMPLES[name] | EXAMPLES[name]["otherwise"]) == []


def list_rows(heading):
    """The cells of the tables below a heading."""
    part = re.split(rf"(?m)^#+ {heading}\n", PAGE)[1]
    lines = re.split(r"(?m)^#+ (?=\w)", part)[0].splitlines()
    return [line.strip("| ").split(" | ") for line in lines if line.startswith("| `")]


def list_names(*headings):
    """What stands in code in the first cells."""
    return [name for heading in headings for row in list_rows(heading) for name in re.findall(r"`(\w+)`", row[0])]


ABOUT = [
    f"About {about}"
    for about in ("days and entries", "descriptions", "work items and features", "the period and the configuration")
]


def test_every_kind_of_finding_has_a_row_and_an_example():
    assert set(map(get_kind, EXAMPLES)) == set(Kind)
    assert set(list_names(*ABOUT)) == set(Kind)


def test_the_page_has_the_severities_of_the_code():
    for row in (row for heading in ABOUT for row in list_rows(heading)):
        kind = Kind(row[0].strip("`"))
        severities = {write(one)["severity"] for name in EXAMPLES if get_kind(name) == kind
                      for one in build(EXAMPLES[name]).analyze().findings if one.kind == kind}  # fmt: skip
        assert row[1] in severities
        assert str(rate(kind)) in severities


@pytest.mark.parametrize(
    ("headings", "shape"),
    [
        (["The document"], model.Analysis),
        (["Proof"], model.Proof),
        (["Sums of people, teams and the whole"], model.Sums),
        (["Sums of people, teams and the whole", "People"], model.PersonWork),
        (["Categories"], model.CategoryTime),
        (["Work items"], model.WorkItem),
        (["Features"], model.Feature),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_every_figure_is_on_the_page(headings, shape):
    assert sorted(list_names(*headings)) == sorted(shape.__struct_fields__)


def test_every_number_and_series_is_on_the_page():
    found = Scene().analyze()
    assert sorted(list_names("Metrics")) == sorted(metrics.compute_metrics(found))
    assert sorted(list_names("Plots")) == sorted(metrics.list_series(found))


def test_every_threshold_is_on_the_page_with_its_value():
    defaults = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))["analysis"]["thresholds"]
    assert {row[0].strip("`"): float(row[1]) for row in list_rows("Thresholds")} == defaults
    assert Thresholds().model_dump() == defaults


def test_the_figures_of_the_example_are_those_of_the_code():
    found = build(WEEK).analyze()
    parts = (
        {"totals": found.totals}
        | {one.name.lower(): one for one in found.people}
        | {one.key: one for one in found.categories}
    )
    for name, wanted in parse(WEEK["figures"]).items():
        assert {key: getattr(parts[name], key) for key in wanted} == wanted, name
    numbers, wanted = metrics.compute_metrics(found), parse(WEEK["metrics"])
    assert {key: numbers[key] for key in wanted} == wanted
