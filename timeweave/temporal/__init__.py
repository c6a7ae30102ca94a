"""Temporal, the durable engine for those who outgrow one machine: a workflow for each run, an activity for each DVC stage.

DVC stays the only DAG: an activity runs a stage in a workspace of the worker, so that both engines give the same bytes.
"""
