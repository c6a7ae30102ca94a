"""The parts of reports, computed: the headline, rows of items, features and activities, what needs attention, breakdowns."""
