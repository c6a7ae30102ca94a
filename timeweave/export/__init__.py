"""The period's time entries as a table: one row each, with what is known of its work item."""
