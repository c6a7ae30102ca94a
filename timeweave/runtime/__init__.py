"""What every stage needs: running as a script, parameters, documents, errors, progress, periods."""

import gc

# What a process imports and reads it needs to its end: to look through it for garbage as often as Python does by default
# takes a tenth of the time of a stage, and finds nothing.
gc.set_threshold(20_000, 20, 20)
