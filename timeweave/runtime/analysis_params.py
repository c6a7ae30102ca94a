"""`analysis` of params.yaml: how far back it is looked, and from where on a number is worth a finding."""

from datetime import date
from typing import Annotated

from pydantic import Field

from timeweave.runtime.params import Day, Section
from timeweave.runtime.period import EARLIEST, Period, list_periods_before

MOST_PERIODS = 120

Share = Annotated[float, Field(strict=True, ge=0, le=1, allow_inf_nan=False)]
Positive = Annotated[float, Field(strict=True, gt=0, allow_inf_nan=False)]


class Thresholds(Section):
    """Where a finding begins; params.yaml says of each what it means."""

    short_day: Share = 0.9
    long_day: Annotated[float, Field(strict=True, ge=1, allow_inf_nan=False)] = 1.1
    long_entry_hours: Positive = 10
    longest_day_hours: Positive = 14
    estimate_warning: Share = 0.8
    uncategorized: Share = 0.1
    unusual_factor: Positive = 3
    unusual_hours: Annotated[float, Field(strict=True, ge=0, allow_inf_nan=False)] = 4
    unusual_periods: Annotated[int, Field(strict=True, ge=2, le=MOST_PERIODS)] = 6
    forecast_completion: Annotated[float, Field(strict=True, gt=0, le=1)] = 0.3
    forecast_items: Annotated[int, Field(strict=True, ge=1)] = 5
    title_similarity: Share = 0.5


def name_files(enrichment: str, analysis: "AnalysisSettings") -> dict[str, str]:
    """The files that describe a workspace, by their key in params.yaml."""
    return {"enrichment.config": enrichment, "analysis.team": analysis.team, "analysis.categories": analysis.categories}


class AnalysisSettings(Section):
    """`analysis` of params.yaml."""

    compare_periods: Annotated[int, Field(strict=True, ge=0, le=MOST_PERIODS)] = 1
    """Equal periods before the one asked for."""
    team: str = "config/team.yaml"
    categories: str = "config/categories.yaml"
    since: Day | None = None
    """Everything logged from then on counts towards an item's whole time."""
    thresholds: Thresholds = Thresholds()

    def list_compared(self, period: Period, as_of: date) -> list[Period]:
        """The periods that it is compared with, newest first, without those that had not begun on `as_of`."""
        before = list_periods_before(period.start, period.end, self.compare_periods)
        return [Period(start=first, end=last, timezone=period.timezone) for first, last in before if first <= as_of]

    def find_since(self, period: Period) -> date | None:
        """The first day that counts towards items' whole time; None where no day up to the period's end does."""
        return max(self.since, EARLIEST) if self.since and self.since <= period.end else None

    def list_utc_days(self, period: Period, as_of: date) -> list[date]:
        """The UTC days of the period and of all that is compared with it, ascending; of the latter none after `as_of`."""
        starts = [period.start, *(one.start for one in self.list_compared(period, as_of))]
        if since := self.find_since(period):
            starts.append(since)
        whole = Period(start=min(starts), end=period.end, timezone=period.timezone).utc_days
        own = period.utc_days[0]
        return [day for day in whole if day >= own or day <= as_of]
