"""Tests of the whole project; what they share is in the modules beside this one."""

import os
import sys

# Whoever starts the tests may keep Python from writing down what it compiles: every process would compile it all again.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
