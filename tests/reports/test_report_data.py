"""What every report of a period says in the same way."""

import msgspec
import pytest

from tests.reports import samples
from timeweave.models.summaries import Summaries
from timeweave.reports.report_data import ReportData


@pytest.mark.parametrize(
    ("everyone", "shown", "said"),
    [(msgspec.UNSET, 3, None), (11, 3, "3 of 11 people"), (11, 1, "name"), (11, 0, "0 of 11 people")],
)
def test_it_says_whose_time_it_is_where_some_people_were_asked_for(everyone, shown, said):
    whole = samples.aggregated()
    chosen = msgspec.structs.replace(whole, people=whole.people[:shown], people_in_period=everyone)
    data = ReportData(chosen, samples.enriched(), Summaries())
    assert data.chosen_people == (whole.people[0].name if said == "name" else said)
