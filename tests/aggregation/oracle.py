"""The aggregation once more, by filters over a flat list of entries: slow, and too plain to share a mistake."""

from collections import Counter
from datetime import datetime

from tests.aggregation.logged import CLIENTS, MEMBERS, PROJECTS, ROW_CLIENTS, ROW_PROJECTS, STRANGERS, TAGS
from timeweave.matching.parsed_description import match

QUIET = {"combined_tag", "doubled_brackets", "link", "nested_tags", "several_ids"}


def oracle(rows, start, end, zone):
    """The document from a flat list of entries, by filters alone."""
    flat = flatten(rows, zone)
    flat = [one for one in flat if start <= one["day"] <= end]
    done = [one for one in flat if not one["is_running"]]
    people = [person(user, [one for one in done if one["user_id"] == user], done) for user in users_of(flat)]
    warnings = [
        (kind, one["user_id"], one["id"], cut(one["description"] or ""), one["local"] if kind == "running" else None)
        for one in flat
        for kind in kinds(one)
    ]
    warnings += [("no_email", one["user_id"], None, one["name"], None) for one in people if one["email"] is None]
    keys = ("kind", "user_id", "entry_id", "text", "start")
    return {
        "people": people,
        "warnings": [
            dict(zip(keys, found, strict=True)) for found in sorted(warnings, key=lambda w: (*w[:2], w[2] or 0))
        ],
        "running": sum(one["is_running"] for one in flat),
    }


def flatten(rows, zone):
    """Every entry by itself, with what its row says and what can be told from that."""
    flat = [dict(row, **row["time_entries"][0]) for row in rows]
    for one in flat:
        local = datetime.fromisoformat(one["start"]).astimezone(zone)
        one["instant"], one["local"], one["day"] = local.timestamp(), local.isoformat(), local.date()
        one["match"] = match(one["description"])
        one["is_running"] = one["stop"] is None or one["seconds"] < 0
        tag = one["match"].reference.project if one["match"].reference else None
        one["project"] = PROJECTS.get(one["project_id"]) or ROW_PROJECTS.get(one["project_id"]) or tag
        one["item"] = one["match"].reference and folded(one["match"].reference)
        one["client"] = CLIENTS.get(one["project_id"]) or ROW_CLIENTS.get(one["project_id"])
        one["tags"] = sorted({TAGS.get(tag, f"Tag {tag}") for tag in one["tag_ids"]})
    return flat


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
            {"text": text, **sums(part), "descriptions": descriptions(part, everyones)}
            for text in sorted({one["match"].text for one in other})
            for part in [[one for one in other if one["match"].text == text]]
        ],
    }


def entity(item, mine, everyones):
    space, database, _ = spelled_item({"item": item}, everyones)
    projects = {spelled_project(one["project"], everyones) for one in mine} - {None}
    texts = [
        {"text": text, "seconds": seconds(part), "entries": len(part)}
        for text in sorted({one["match"].text for one in mine})
        for part in [[one for one in mine if one["match"].text == text]]
    ]
    return {
        "space": space,
        "database": database,
        "public_id": item[2],
        "projects": sorted(projects),
        **sums(mine),
        "days": by_day(mine),
        "texts": texts,
        "descriptions": descriptions(mine, everyones),
    }


def descriptions(mine, everyones):
    """Entries apart by text, project, client, tags and billable."""

    def read(one):
        project = spelled_project(one["project"], everyones)
        return one["match"].text, project, one["client"], tuple(one["tags"]), one["billable"]

    keys = ("text", "project", "client", "tags", "billable")
    found = []
    for key in sorted(
        {read(one) for one in mine}, key=lambda k: (k[0], *((n is not None, n or "") for n in k[1:3]), *k[3:])
    ):
        part = sorted((one for one in mine if read(one) == key), key=lambda one: (one["instant"], one["id"]))
        entries = [{"id": one["id"], "start": one["local"], "seconds": one["seconds"]} for one in part]
        found.append(
            dict(zip(keys, key, strict=True)) | {"tags": list(key[3]), "seconds": seconds(part), "entries": entries}
        )
    return found


def past_oracle(rows, spans, since, end, zone):
    """The history of spans, newest first, of which the first is the period itself, and of all from `since` to `end`."""
    done = [one for one in flatten(rows, zone) if not one["is_running"] and one["day"] <= end]
    begin = min([*(first for first, _ in spans), *([since] if since else [])])
    everyones = [one for one in done if one["day"] >= begin]
    periods = [
        past_period([one for one in done if first <= one["day"] <= last], everyones) for first, last in spans[1:]
    ]
    known = {one["match"].text for one in done if one["day"] >= spans[-1][0] and not one["item"]}
    return periods, since and since_rows([one for one in done if one["day"] >= since], known, everyones)


def past_period(mine, everyones):
    def read(one):
        project = spelled_project(one["project"], everyones)
        traits = one["match"].text, project, one["client"], tuple(one["tags"]), one["billable"]
        return one["user_id"], spelled_item(one, everyones), *traits

    rows = {
        key: {"seconds": seconds(part), "days": by_day(part)}
        for key in {read(one) for one in mine}
        for part in [[one for one in mine if read(one) == key]]
    }
    people = {user: seconds(one for one in mine if one["user_id"] == user) for user in users_of(mine)}
    return {"seconds": seconds(mine), "people": people, "rows": rows}


def since_rows(mine, known, everyones):
    def read(one):
        is_complete = one["item"] and all(one["item"])
        return spelled_item(one, everyones), None if is_complete else one["match"].text

    mine = [one for one in mine if one["item"] or one["match"].text in known]
    return {
        key: {str(user): seconds(one for one in part if one["user_id"] == user) for user in users_of(part)}
        for key in {read(one) for one in mine}
        for part in [[one for one in mine if read(one) == key]]
    }


def spelled_item(one, everyones):
    """Space, database and id as most entries spell them; None without a reference."""
    if not one["item"]:
        return None
    references = [other["match"].reference for other in everyones if other["item"] == one["item"]]
    written = Counter((reference.space or "", reference.database or "") for reference in references)
    space, database = sorted(written, key=lambda spelling: (-written[spelling], spelling))[0]
    return space or None, database or None, one["item"][2]


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
