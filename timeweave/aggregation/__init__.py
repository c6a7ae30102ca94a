"""The arithmetic of logged time: entries in, sums that add up out, in whole seconds."""
