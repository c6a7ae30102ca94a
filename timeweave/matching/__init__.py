"""From what people type into a time entry to the work item they mean; start at `match.match`."""
