"""What every stage needs: running as a script, parameters, documents, errors, progress, periods."""

import gc

# What a process imports and reads it needs to its end: to look through it for garbage as often as Python does by default
# takes up to a tenth of the time in which a stage starts, and finds nothing.
gc.set_threshold(20_000, 20, 20)
