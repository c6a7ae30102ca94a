"""The archive: all that is remembered from one run to the next, beside the pipeline and never an output of it."""
