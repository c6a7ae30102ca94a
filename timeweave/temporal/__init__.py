"""Temporal, for those who outgrow one machine: a workflow for each run, an activity for each stage of DVC's pipeline."""
