"""The window for a damaged part: the last good backup, or saving what can still be read."""
