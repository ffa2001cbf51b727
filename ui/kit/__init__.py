"""Shapes used again and again; they know no feature's nouns."""
