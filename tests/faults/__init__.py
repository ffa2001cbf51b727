"""Faults done to a vault on purpose, in numbers: `./dev faults` prints what came of them."""
