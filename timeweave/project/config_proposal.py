"""A configuration for a workspace that nobody has described yet: enrichment, team and categories as YAML with comments."""

import re

import yaml

from timeweave.fibery.database import Database, read_label
from timeweave.project.workspace_survey import LoggedText, Survey

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
MEETING = r"\b(meeting|stand-?up|daily|weekly|retro(spective)?|planning|refinement|1:1|all hands|sync|interviews?|jour fixe)\b"
ABSENCE = r"^(vacation|holiday|sick|sick leave|day off|pto|urlaub|krank|feiertag|vacaciones|congés)$"


def propose_enrichment(survey: Survey) -> str:
    """The databases that people log time on, by hours, with fields that reports can use."""
    lines = [
        "# What is asked of Fibery for the items that people log time on, by \"Space/Database\"; most time first,",
        f"# {_describe_span(survey)}. Besides these fields every item has its state, dates, people, description, comments",
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
        f"people: # their time {_describe_span(survey)}",
    ]
    for person, seconds in survey.people:
        told = ", ".join(filter(None, (_comment(person.name), person.timezone, _hours(seconds))))
        entry = f"- {{email: {_write(person.email)}}}" if person.email else "# no e-mail in Toggl:"
        lines.append(f"  {entry} # {told}" if person.email else f"  {entry} {told}")
    return "\n".join(lines) + "\n"


def propose_categories(survey: Survey) -> str:
    """Absence and meetings by what people write, then the databases, then what projects say of the rest; without hours, of which a rule above may take some."""
    lines = [
        "# What kind of work it was: rules tried from the top, the first that matches wins. A full example, with targets, is",
        "# config/demo/categories.yaml; docs/configuration.md explains every condition.",
        "",
        "categories:",
        f"  - {{key: absence, name: Absence, absence: true, any: [{{text: {_write(ABSENCE)}}}]}}",
        f"  - {{key: meetings, name: Meetings, item_needed: false, any: [{', '.join(_list_meetings(survey))}]}}",
    ]
    keys = {"absence", "meetings", "unplanned", "uncategorized"}
    for database in (one for one, _ in survey.databases if not _is_of_meetings(one)):
        name = (
            database.label
            if not [one for one, _ in survey.databases if one.label == database.label][1:]
            else database.name
        )
        rule = f"key: {_choose_key(name, keys)}, name: {_write(name)}, database: {_write(database.name)}"
        lines.append(f"  - {{{rule}}}")
    for project in [one for one, _ in survey.projects if not re.search(MEETING, one, re.I)][:MOST_PROJECTS]:
        rule = f"key: {_choose_key(project, keys)}, name: {_write(project)}, project: {_write(project)}, item: none"
        lines.append(f"  - {{{rule}}}")
    lines.append("  - {key: unplanned, name: Without a work item, item: none}")
    if texts := _list_frequent(survey):
        lines += ["", "# Written often on time without a work item; a rule finds it by `text`:"]
        lines += [f"#   {_comment(one.text)}: {one.entries} entries, {_hours(one.seconds)}" for one in texts]
    return "\n".join(lines) + "\n"


def _list_meetings(survey: Survey) -> list[str]:
    projects = [name for name, _ in survey.projects if re.search(MEETING, name, re.I)]
    databases = [one.name for one, _ in survey.databases if _is_of_meetings(one)]
    return [
        f"{{text: {_write(MEETING)}}}",
        *(f"{{project: {_write(name)}}}" for name in projects),
        *(f"{{database: {_write(name)}}}" for name in databases),
    ]


def _is_of_meetings(database: Database) -> bool:
    return database.label.casefold() in ("meeting", "meetings")


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


def _describe_span(survey: Survey) -> str:
    return f"from {survey.first} to {survey.last}"


def _hours(seconds: int) -> str:
    return f"{seconds / 3600:,.1f} h"


def _write(value: object) -> str:
    """A value as YAML on one line."""
    return yaml.safe_dump([value], default_flow_style=True, width=100_000, allow_unicode=True).strip()[1:-1]


def _comment(text: str) -> str:
    """On one line, and of what can be printed."""
    return "".join(letter for letter in " ".join(text.split()) if letter.isprintable())[:80]
