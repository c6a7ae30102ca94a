"""What to know, in a few sentences: the findings and changes that most time is about."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from timeweave.models.analysis import CategoryTime
from timeweave.models.findings import CORRECTIONS, Finding, FindingKind
from timeweave.models.work_items import Feature, FeatureStatus
from timeweave.reports.formatting.dates import Day
from timeweave.reports.report_data import ReportData
from timeweave.reports.sections.plan import find_comparable_whole
from timeweave.reports.sections.sentence_patterns import Part, Replacement
from timeweave.reports.sections.sentences import Sentence, Sentences, count

MOST = 7
LEAST_CHANGE = 4 * 3600
"""Seconds that a category must have gained or lost."""
LEAST_REASON = 0.25
"""Share of a change that one item must have made to be named as its reason."""
UNNAMED = ("uncategorized", "no_item")
"""Keys of time that no rule names; there are findings about it."""
DECISIONS = (
    FindingKind.DAY_OVER_24_HOURS,
    FindingKind.LONG_ENTRY,
    FindingKind.OVERLAP,
    FindingKind.DUPLICATE,
    FindingKind.ABSENT_BUT_WORKED,
    FindingKind.FREE_DAY_WORK,
    FindingKind.ON_CANCELLED,
    FindingKind.NOT_STARTED,
    FindingKind.AFTER_COMPLETION,
    FindingKind.ESTIMATE_EXCEEDED,
    FindingKind.STALLED_FEATURE,
    FindingKind.UNUSUAL,
    FindingKind.UNCATEGORIZED,
    FindingKind.PART_MISSING,
)
"""Kinds of which the first one is told, and how many more there are. Late items have a list of their own."""


def choose_highlights(data: ReportData, sentences: Sentences, most: int = MOST) -> list[Sentence]:
    """At most `most` sentences, those about most time first; that nothing was logged comes before all, corrections come last."""
    by_kind = group_by_kind(data.analysis.findings)
    found = [
        *_tell_categories(data, sentences),
        *_tell_features(data, sentences),
        *_tell_missing(sentences, by_kind.get(FindingKind.MISSING_DAY, [])),
        *(_tell_kind(sentences, by_kind[kind]) for kind in DECISIONS if kind in by_kind),
    ]
    first = [sentences.describe(finding) for finding in by_kind.get(FindingKind.EMPTY_PERIOD, [])]
    last = list(_tell_corrections(sentences, by_kind))
    return [*[*first, *sorted(found, key=lambda one: -one.seconds)][: most - len(last)], *last]


def group_by_kind(findings: list[Finding]) -> dict[FindingKind, list[Finding]]:
    """Those with most time first."""
    found: dict[FindingKind, list[Finding]] = defaultdict(list)
    for finding in sorted(findings, key=lambda one: -one.seconds):
        found[finding.kind].append(finding)
    return found


def sum_seconds(findings: Iterable[Finding]) -> int:
    """What is at stake in all of them; what an item is over its estimate is in what its feature is over."""
    return sum(one.seconds for one in findings if not one.values.get("part_of_feature"))


def count_entries(findings: Iterable[Finding]) -> int:
    """How many entries they are about: one may be about several."""
    return len({entry for finding in findings for entry in finding.entry_ids})


def _tell_kind(sentences: Sentences, findings: list[Finding]) -> Sentence:
    first = sentences.describe(findings[0])
    return Sentence(
        [*first.parts, *_tell_more(sentences, findings[1:])],
        sum_seconds(findings),
        first.anchor,
        first.severity,
    )


def _tell_more(sentences: Sentences, others: list[Finding]) -> list[Part]:
    if not others:
        return []
    hours = sentences.write_hours(sum_seconds(others))
    more = [Part(f"{len(others):,}", anchor=f"x-{others[0].kind}")]
    replacements: dict[str, Replacement] = {"count": more, "hours": hours, "things": _name_things(others)}
    key = "more_over" if others[0].kind is FindingKind.ESTIMATE_EXCEEDED else "more_like_it"
    return sentences.fill(key, replacements.__getitem__)


def _name_things(findings: list[Finding]) -> str:
    """What the findings of a kind are about, in one noun or two."""
    if findings[0].kind is FindingKind.LONG_ENTRY:
        return "entry" if len(findings) == 1 else "entries"
    about = {"feature" if one.feature else "item" if one.item else "case" for one in findings}
    things = " and ".join(f"{one}s" for one in sorted(about, reverse=True))
    return things if len(findings) > 1 else about.pop()


def _tell_missing(sentences: Sentences, findings: list[Finding]) -> Iterator[Sentence]:
    if len(findings) == 1:
        yield sentences.describe(findings[0])
    elif findings:
        seconds = sum(one.seconds for one in findings)
        keys = list(dict.fromkeys(key for one in findings for key in one.people))
        replacements: dict[str, Replacement] = {
            "people": sentences.name_people(keys),
            "unlisted": sentences.name_people(
                [one.key for one in sentences.data.find_people(keys) if not one.is_listed]
            ),
            "hours": sentences.write_hours(seconds),
        }
        parts = sentences.fill("several_missing", replacements.__getitem__)
        yield Sentence(parts, seconds, f"x-{FindingKind.MISSING_DAY}", findings[0].severity)


def _tell_corrections(sentences: Sentences, by_kind: dict[FindingKind, list[Finding]]) -> Iterator[Sentence]:
    found = [finding for kind in CORRECTIONS for finding in by_kind.get(kind, [])]
    if found:
        seconds = sum(finding.seconds for finding in found)
        many = [Part(count(len(found), "correction", "corrections"), anchor="findings")]
        replacements: dict[str, Replacement] = {
            "count": many,
            "entries": count(count_entries(found), "entry", "entries"),
            "hours": sentences.write_hours(seconds),
        }
        yield Sentence(sentences.fill("several_corrections", replacements.__getitem__), seconds, "findings", "warning")


def _tell_categories(data: ReportData, sentences: Sentences) -> Iterator[Sentence]:
    """The two categories that changed most."""
    changed = [
        (category.seconds - category.previous_seconds, category)
        for category in data.analysis.categories
        if category.previous_seconds is not None and not category.absence and category.key not in UNNAMED
    ]
    for change, category in sorted(changed, key=lambda one: (-abs(one[0]), one[1].key))[:2]:
        if abs(change) >= LEAST_CHANGE:
            yield _tell_category(data, sentences, category, change)


def _tell_category(data: ReportData, sentences: Sentences, category: CategoryTime, change: int) -> Sentence:
    reason = category.most_gained if change > 0 else category.most_lost
    is_reason = reason is not None and abs(reason.seconds) >= LEAST_REASON * abs(change)
    replacements: dict[str, Replacement] = {
        "category": [Part(data.category_names[category.key], anchor=data.category_anchors[category.key])],
        "hours": sentences.write_hours(category.seconds),
        "change": sentences.write_hours(abs(change)),
        "before": data.before,
        "why": sentences.name_item(reason.item, reason.title) if reason and is_reason else [],
    }
    parts = sentences.fill("category_more" if change > 0 else "category_less", replacements.__getitem__)
    return Sentence(parts, abs(change), data.category_anchors[category.key])


def _tell_features(data: ReportData, sentences: Sentences) -> Iterator[Sentence]:
    """The new and the finished feature that took most, and how many more there are, also those without any time."""
    for status in (FeatureStatus.NEW, FeatureStatus.FINISHED):
        found = [feature for feature in data.analysis.features if feature.status is status]
        if data.compared and sum(feature.seconds for feature in found) >= LEAST_CHANGE:
            yield _tell_status(sentences, sorted(found, key=lambda one: -one.seconds))


def _tell_status(sentences: Sentences, features: list[Feature]) -> Sentence:
    first, *others = features
    whole = find_comparable_whole(sentences.data, first)
    replacements: dict[str, Replacement] = {
        "feature": sentences.name_feature(first.key),
        "hours": sentences.write_hours(first.seconds),
        "whole": sentences.write_hours(whole) if whole else [],
        "completed": str(Day.parse(first.completed[:10])) if first.completed else "",
    }
    parts = sentences.fill(f"feature_{first.status}", replacements.__getitem__)
    if others:
        parts += _tell_more_features(sentences, others)
    seconds = sum(feature.seconds for feature in features)
    return Sentence(parts, seconds, sentences.data.feature_anchors[first.key])


def _tell_more_features(sentences: Sentences, others: list[Feature]) -> list[Part]:
    many = len(others) > 1
    replacements: dict[str, Replacement] = {
        "count": [Part(f"{len(others):,}", anchor="items")],
        "features": "features" if many else "feature",
        "are": "are" if many else "is",
        "were": "were" if many else "was",
        "hours": sentences.write_hours(sum(feature.seconds for feature in others)),
    }
    return sentences.fill(f"more_{others[0].status}", replacements.__getitem__)
