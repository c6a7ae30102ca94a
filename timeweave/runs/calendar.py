"""Periods as people say them, and the ids of runs."""

import re
from datetime import date, datetime, timedelta

from timeweave.errors import ConfigurationError

WORDS = "last-week, this-week, last-month, this-month, a week like 2026-W47, a month like 2026-11"
_ID = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-_][A-Za-z0-9]+)*")


def period(word: str, today: date) -> tuple[date, date]:
    """First and last day of a period; weeks begin on Monday (ISO 8601)."""
    monday = today - timedelta(days=today.weekday())
    first = today.replace(day=1)
    known = {
        "this-week": (monday, monday + timedelta(days=6)),
        "last-week": (monday - timedelta(days=7), monday - timedelta(days=1)),
        "this-month": _month(first),
        "last-month": _month((first - timedelta(days=1)).replace(day=1)),
    }
    if word in known:
        return known[word]
    try:
        if week := re.fullmatch(r"(\d{4})-W(\d{2})", word):
            start = date.fromisocalendar(int(week[1]), int(week[2]), 1)
            return start, start + timedelta(days=6)
        if month := re.fullmatch(r"(\d{4})-(\d{2})", word):
            return _month(date(int(month[1]), int(month[2]), 1))
    except ValueError:
        raise ConfigurationError(f"--period {word} is no week or month of the calendar; write {WORDS}") from None
    raise ConfigurationError(f"--period {word!r} is not known; write {WORDS}")


def run_id(now: datetime) -> str:
    """The id of a run that begins now, like run_2025-10-10-15-30-45."""
    return f"run_{now:%Y-%m-%d-%H-%M-%S}"


def checked_id(text: str) -> str:
    """An id that can name an experiment and a file."""
    if not _ID.fullmatch(text) or len(text) > 80:
        raise ConfigurationError(
            f"--run-id {text!r} cannot name a run; use letters, digits, - and _, beginning with a letter"
        )
    return text


def _month(first: date) -> tuple[date, date]:
    following = (first + timedelta(days=31)).replace(day=1)
    return first, following - timedelta(days=1)
