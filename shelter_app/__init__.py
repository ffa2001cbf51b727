"""Makao's core: what a safehouse records, how it is kept, what may be done with it."""

__version__ = "0.1.0"
