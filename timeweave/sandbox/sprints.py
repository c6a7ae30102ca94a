"""The team's rhythm: two-week sprints since the end of 2019, and the public ids that fall to each."""

from datetime import date, timedelta
from fractions import Fraction

DAYS = 14
_FIRST_DAY = date(2019, 12, 23)


def sprint_of(day: date) -> int:
    """The sprint that a day belongs to, counted from 0; days before the first belong to the first."""
    return max(0, (day - _FIRST_DAY).days // DAYS)


def first_day(sprint: int) -> date:
    """A sprint's first day, a Monday."""
    return _FIRST_DAY + timedelta(days=DAYS * sprint)


class Numbering:
    """How fast a database's public ids grow, so that an id says its sprint without a list of all."""

    def __init__(self, per_sprint: str, scale: int) -> None:
        self._ids, self._sprints = (Fraction(per_sprint) * scale).as_integer_ratio()

    def until(self, sprint: int) -> int:
        return (sprint + 1) * self._ids // self._sprints

    def numbers(self, first: int, last: int) -> range:
        return range(self.until(max(first, 0) - 1) + 1, self.until(last) + 1)

    def sprint(self, number: int) -> int:
        return -(-number * self._sprints // self._ids) - 1
