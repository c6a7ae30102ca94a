"""The aggregation once more, by filters over a flat list of entries: slow, and too plain to share a mistake."""

from collections import Counter
from datetime import datetime

from tests.aggregation.logged import MEMBERS, PROJECTS, ROW_PROJECTS, STRANGERS
from timeweave.matching.match import match

QUIET = {"combined_tag", "doubled_brackets", "link", "nested_tags", "several_ids"}


def oracle(rows, start, end, zone):
    """The document from a flat list of entries, by filters alone."""
    flat = [dict(row, **row["time_entries"][0]) for row in rows]
    for one in flat:
        one["day"] = datetime.fromisoformat(one["start"]).astimezone(zone).date()
        one["match"] = match(one["description"])
        one["is_running"] = one["stop"] is None or one["seconds"] < 0
        tag = one["match"].reference.project if one["match"].reference else None
        one["project"] = PROJECTS.get(one["project_id"]) or ROW_PROJECTS.get(one["project_id"]) or tag
        one["item"] = one["match"].reference and folded(one["match"].reference)
    flat = [one for one in flat if start <= one["day"] <= end]
    done = [one for one in flat if not one["is_running"]]
    people = [person(user, [one for one in done if one["user_id"] == user], done) for user in users_of(flat)]
    warnings = [(kind, one["user_id"], one["id"], cut(one["description"] or "")) for one in flat for kind in kinds(one)]
    warnings += [("no_email", one["user_id"], None, one["name"]) for one in people if one["email"] is None]
    keys = ("kind", "user_id", "entry_id", "text")
    return {
        "people": people,
        "warnings": [
            dict(zip(keys, found, strict=True)) for found in sorted(warnings, key=lambda w: (*w[:2], w[2] or 0))
        ],
        "running": sum(one["is_running"] for one in flat),
    }


def person(user, mine, everyones):
    name, email = MEMBERS.get(user, (STRANGERS.get(user, {}).get("username"), STRANGERS.get(user, {}).get("email")))
    matched = [one for one in mine if one["item"]]
    other = [one for one in mine if not one["item"]]
    names = {spelled_project(one["project"], everyones) for one in mine}
    return {
        "user_id": user,
        "name": name or f"User {user}",
        **sums(mine),
        "days": by_day(mine),
        "email": email or ("not@this.example" if user == 2 else None),
        "matched_seconds": seconds(matched),
        "unmatched_seconds": seconds(other),
        "projects": [
            {"name": name, "seconds": seconds(part), "billable_seconds": seconds(o for o in part if o["billable"])}
            for name in sorted(names, key=lambda name: (name is not None, name))
            for part in [[one for one in mine if spelled_project(one["project"], everyones) == name]]
        ],
        "entities": sorted(
            (
                entity(item, [one for one in matched if one["item"] == item], everyones)
                for item in {o["item"] for o in matched}
            ),
            key=lambda e: (e["space"] or "", e["database"] or "", int(e["public_id"])),
        ),
        "activities": [
            {"text": text, **sums(one for one in other if one["match"].text == text)}
            for text in sorted({one["match"].text for one in other})
        ],
    }


def entity(item, mine, everyones):
    written = Counter(
        (one["match"].space or "", one["match"].database or "") for one in everyones if one["item"] == item
    )
    space, database = sorted(written, key=lambda spelling: (-written[spelling], spelling))[0]
    projects = {spelled_project(one["project"], everyones) for one in mine} - {None}
    texts = [
        {"text": text, "seconds": seconds(part), "entries": len(part)}
        for text in sorted({one["match"].text for one in mine})
        for part in [[one for one in mine if one["match"].text == text]]
    ]
    return {
        "space": space or None,
        "database": database or None,
        "public_id": item[2],
        "projects": sorted(projects),
        **sums(mine),
        "days": by_day(mine),
        "texts": texts,
    }


def spelled_project(name, everyones):
    if name is None:
        return None
    written = Counter(one["project"] for one in everyones if (one["project"] or "").casefold() == name.casefold())
    return sorted(written, key=lambda spelling: (-written[spelling], spelling))[0]


def kinds(one):
    if one["is_running"]:
        return ["running"]
    nothing = not one["match"].text and not one["item"]
    return [flag for flag in one["match"].flags if flag not in QUIET] + ["no_description"] * nothing


def folded(reference):
    return (reference.space or "").casefold(), (reference.database or "").casefold(), reference.public_id


def users_of(flat):
    return sorted({one["user_id"] for one in flat})


def seconds(entries):
    return sum(one["seconds"] for one in entries)


def sums(entries):
    entries = list(entries)
    billable = seconds(one for one in entries if one["billable"])
    return {"seconds": seconds(entries), "entries": len(entries), "billable_seconds": billable}


def by_day(entries):
    return {str(day): seconds(o for o in entries if o["day"] == day) for day in sorted({o["day"] for o in entries})}


def cut(text):
    return text if len(text) <= 200 else text[:199] + "…"
