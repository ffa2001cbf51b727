"""What this program is made of and under which licences: the list the build writes down."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache

from shelter_app import __version__, paths


@dataclass(frozen=True)
class Part:
    """One thing the program is made of; `inside` names what brought it along."""

    id: int
    name: str
    version: str
    licence: str
    holder: str
    inside: str


@cache
def parts() -> tuple[Part, ...]:
    """Return everything inside, by name."""
    listed = json.loads(paths.resource("licences.json").read_text("utf-8"))
    return tuple(Part(number, **facts) for number, facts in enumerate(listed, 1))


def matching(typed: str) -> list[Part]:
    """Return the parts in which every typed word is found."""
    words = typed.casefold().split()
    return [part for part in parts() if all(word in _searched(part) for word in words)]


def own_version() -> str:
    """Return the version of this program."""
    return __version__


def _searched(part: Part) -> str:
    return f"{part.name} {part.licence} {part.holder} {part.inside}".casefold()
