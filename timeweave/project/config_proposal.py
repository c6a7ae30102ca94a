"""A configuration for a workspace that nobody has described yet: enrichment, team and categories as YAML with comments."""

import re
from collections import defaultdict

import yaml

from timeweave.analysis.category import UNCATEGORIZED
from timeweave.fibery.database import Database, read_label
from timeweave.project.workspace_survey import LoggedText, Survey
from timeweave.runtime.name_comparison import fold

MOST_PROJECTS, MOST_TEXTS, FEWEST_ENTRIES = 6, 8, 3
_FIELDS = re.compile(
    r"\b(priority|severity|urgency|sprint|iteration|milestone|release|epic|quarter|project|size|customer|source)\b",
    re.I,
)
_ESTIMATE = re.compile(
    r"\b(estimate[ds]?|estimation|effort|story points?|planned (time|hours|days)|sch[äa]tzung|aufwand)\b", re.I
)
_SPENT = re.compile(r"\b(spent|logged|booked|worked|tracked|actual|ist[- ]?(zeit|stunden))\b", re.I)
_UNITS = {
    "hours": re.compile(r"\b(h|hrs?|hours?|std|stunden)\b", re.I),
    "days": re.compile(r"\b(d|days?|tage?|pt)\b", re.I),
    "points": re.compile(r"\b(points?|pts?|sp)\b", re.I),
}
MEETING = r"\b(meetings?|stand-?up|daily|weekly|retro(spective)?|planning|refinement|1:1|all hands|sync|interviews?|jour fixe)\b"
_COUNTED = frozenset(
    "activity article bug build campaign change chore customer defect deliverable document epic experiment feature "
    "fix goal idea improvement incident issue item meeting milestone order page problem project proposal question release "
    "report request requirement review risk spike step story subtask task ticket version workshop".split()
)
_SUB = re.compile(rf"^sub([- ](?=\w)|(?=({'|'.join(sorted(_COUNTED))})s?$))", re.I)
REST = "Other, no work item"
ABSENCE = r"^(vacation|holiday|sick|sick leave|day off|pto|urlaub|krank|feiertag|vacaciones|congés)$"


def propose_enrichment(survey: Survey) -> str:
    """The databases that people log time on, by hours, with fields that reports can use."""
    lines = [
        "# What is asked of Fibery for the items that people log time on, by \"Space/Database\"; most time first,",
        f"# from {survey.first} to {survey.last}. Besides these fields every item has its state, dates, people, description, comments",
        "# and parents. docs/configuration.md explains every key; `timeweave check-config` names mistakes by line.",
        "enrichment_activities:",
    ]  # fmt: skip
    for database, seconds in survey.databases:
        lines += ["", f"  {_write(database.name)}: # {_hours(seconds)}", *_propose_fields(database)]
    lines += [
        "",
        "  # Every other database.",
        "  default:",
        "    activity: default_enrich_entity",
        "    max_concurrent: 5",
    ]
    return "\n".join(lines) + "\n"


def find_amount(database: Database, kind: str) -> tuple[str, str | None] | None:
    """The field of numbers that looks like the `estimate` or the time `spent`, and its unit where its name says it."""
    wanted = _ESTIMATE if kind == "estimate" else _SPENT
    # What is spent is called effort, too.
    labels = [
        one for one in _list_numbers(database) if wanted.search(one) and (kind == "spent" or not _SPENT.search(one))
    ]
    units = [unit for unit in _UNITS if kind == "estimate" or unit != "points"]
    known = [(label, unit) for unit in units for label in labels if _UNITS[unit].search(label)]
    return known[0] if known else (labels[0], None) if labels else None


def _propose_fields(database: Database) -> list[str]:
    chosen = [one for one in database.labels if _FIELDS.search(one) and database.find_field(one)]
    lines = [f"    fields: {_write(chosen)}"]
    for kind in ("estimate", "spent"):
        if found := find_amount(database, kind):
            label, unit = found
            value = f"{{field: {_write(label)}, unit: {unit or 'hours'}}}"
            lines.append(
                f"    {kind}: {value}" if unit else f"    # {kind}: {value} # if this is the field, and hours its unit"
            )
    return lines


def _list_numbers(database: Database) -> list[str]:
    fields = [one for one in database.shape.fields if one.type in ("fibery/decimal", "fibery/int") and not one.many]
    labels = {read_label(one.name) for one in fields if one.name != "fibery/public-id"}
    return sorted(label for label in labels if database.find_field(label))


def propose_team(survey: Survey) -> str:
    """Everyone with an e-mail; what is expected of them is left to be confirmed, so that nothing is found amiss until then."""
    lines = [
        "# Who is to work how much, when not, and in which team. Nothing is expected of anybody before `hours` is given:",
        "# take away the # where it is right. A full example is config/demo/team.yaml; docs/configuration.md explains every",
        "# key; `timeweave check-config` names mistakes by line.",
        "defaults:",
        "#  hours: {weekly: 40} # from Monday to Friday; or by weekday: {mon: 8, tue: 8, wed: 8, thu: 8, fri: 8}",
        "#  holidays: DE-BE # the public holidays of a country (DE) or of a region (DE-BE)",
        "",
        "teams:",
        "#  engineering: {name: Engineering, lead: somebody@example.com}",
        "",
        f"people: # their time from {survey.first} to {survey.last}",
    ]
    for person, seconds in survey.people:
        told = ", ".join(filter(None, (_comment(person.name), person.timezone, _hours(seconds))))
        entry = f"- {{email: {_write(person.email)}}}" if person.email else "# no e-mail in Toggl:"
        lines.append(f"  {entry} # {told}" if person.email else f"  {entry} {told}")
    return "\n".join(lines) + "\n"


def propose_categories(survey: Survey) -> str:
    """Absence and meetings by what people write, then the databases, then what projects say of the rest; without hours, of which a rule above may take some."""
    conditions = {"Absence": [f"{{text: {_write(ABSENCE)}}}"], "Meetings": _list_meetings(survey)}
    projects = [one for one, _ in survey.projects if not re.search(MEETING, one, re.I)][:MOST_PROJECTS]
    said = {name: [f"{{project: {_write(name)}, item: none}}"] for name in projects}
    for name, found in (*_group_databases(survey).items(), *said.items()):
        # No two categories of one name: of these two the last rule, or none, has the time anyway.
        known = next((one for one in (*conditions, REST, UNCATEGORIZED.name) if fold(one) == fold(name)), name)
        conditions.setdefault(known, []).extend(found)
    absence, meetings = (", ".join(conditions.pop(name)) for name in ("Absence", "Meetings"))
    lines = [
        "# What kind of work it was: of these rules, the first that matches wins. Names and order are yours to change. A full",
        "# example is config/demo/categories.yaml; docs/configuration.md explains every condition.\n",
        "categories:",
        "  # By what people write. Absence is not work, and meetings need no work item.",
        f"  - {{key: absence, name: Absence, absence: true, any: [{absence}]}}",
        f"  - {{key: meetings, name: Meetings, item_needed: false, any: [{meetings}]}}",
    ]
    keys = {"absence", "meetings", "unplanned", "uncategorized"}
    rules = [_write_rule(name, keys, met) for name, met in conditions.items() if name not in (REST, UNCATEGORIZED.name)]
    if rules:
        by = "the item's database, those of one kind together; then by Toggl's project, where no item is named."
        lines.append(f"  # By {by}")
    lines += [*rules, f'  - {{key: unplanned, name: "{REST}", item: none}} # All the rest that names no item.']
    if texts := _list_frequent(survey):
        lines.append("\n# Written often on time without a work item; a rule finds it by `text`:")
        lines += [f"#   {_comment(one.text)}: {one.entries} entries, {_hours(one.seconds)}" for one in texts]
    return "\n".join(lines) + "\n"


def _write_rule(name: str, keys: set[str], conditions: list[str]) -> str:
    met = f"any: [{', '.join(conditions)}]" if conditions[1:] else conditions[0][1:-1]
    return f"  - {{key: {_choose_key(name, keys)}, name: {_write(name)}, {met}}}"


def _group_databases(survey: Survey) -> dict[str, list[str]]:
    """Categories with their conditions, most time first: databases whose labels differ only in number or a `Sub-` are of one kind."""
    kinds = defaultdict[str, list[Database]](list)
    for database, _ in survey.databases:
        kinds[fold(_SUB.sub("", pluralize(database.label)))].append(database)
    return {
        pluralize(min((one.label for one in found), key=len)): [f"{{database: {_write(one.name)}}}" for one in found]
        for found in kinds.values()
    }


def pluralize(label: str) -> str:
    """What a person calls a category of such items: `Bugs` of `Bug`. Words of other languages, and what cannot be counted, stay."""
    last = re.split(r"\W", label)[-1]
    stem = re.sub(r"(?<=[^aeiou])y$", "ie", last) + "e" * last.endswith("x")
    return f"{label.removesuffix(last)}{stem}s" if last.lower() in _COUNTED else label


def _list_meetings(survey: Survey) -> list[str]:
    projects = [name for name, _ in survey.projects if re.search(MEETING, name, re.I)]
    return [f"{{text: {_write(MEETING)}}}", *(f"{{project: {_write(name)}}}" for name in projects)]


def _list_frequent(survey: Survey) -> list[LoggedText]:
    known = re.compile(f"{MEETING}|{ABSENCE}", re.I)
    often = [one for one in survey.texts if one.entries >= FEWEST_ENTRIES and not known.search(one.text)]
    return often[:MOST_TEXTS]


def _choose_key(name: str, keys: set[str]) -> str:
    """A key of letters and digits that is not among `keys`, where it is added."""
    wanted = "-".join(re.findall(r"[^\W_]+", name.lower())) or "category"
    key, number = wanted, 2
    while key in keys:
        key, number = f"{wanted}-{number}", number + 1
    keys.add(key)
    return f'"{key}"' if key.isdecimal() or key in ("no", "yes", "on", "off", "null", "true", "false") else key


def _hours(seconds: int) -> str:
    return f"{seconds / 3600:,.1f} h"


def _write(value: object) -> str:
    """A value as YAML on one line."""
    return yaml.safe_dump([value], default_flow_style=True, width=100_000, allow_unicode=True).strip()[1:-1]


def _comment(text: str) -> str:
    """On one line, and of what can be printed."""
    return "".join(letter for letter in " ".join(text.split()) if letter.isprintable())[:80]
