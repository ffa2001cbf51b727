"""Typeset papers: the only place that knows typst and Word documents."""
