"""The team's rhythm: two-week sprints since the end of 2019, and the public ids that fall to each."""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

EPOCH = date(2019, 12, 23)
DAYS = 14


def sprint_of(day: date) -> int:
    """The sprint that a day belongs to, counted from 0; days before the first belong to the first."""
    return max(0, (day - EPOCH).days // DAYS)


def first_day(sprint: int) -> date:
    """A sprint's first day, a Monday."""
    return EPOCH + timedelta(days=DAYS * sprint)


@dataclass(frozen=True)
class Numbering:
    """How fast a database's public ids grow, so that an id says its sprint without a list of all."""

    per_sprint: Fraction

    def until(self, sprint: int) -> int:
        """The last id at a sprint's end."""
        return (sprint + 1) * self.per_sprint.numerator // self.per_sprint.denominator

    def numbers(self, first: int, last: int) -> range:
        """The ids of the sprints from `first` to `last`."""
        return range(self.until(max(first, 0) - 1) + 1, self.until(last) + 1)

    def sprint(self, number: int) -> int:
        """The sprint that an id falls to."""
        return -(-number * self.per_sprint.denominator // self.per_sprint.numerator) - 1
