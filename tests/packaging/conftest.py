"""The scripts of packaging/, importable: their folder is no package and has a library's name."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

SCRIPTS = Path(__file__).resolve().parent.parent.parent / "packaging"


@pytest.fixture
def script() -> Iterator[Callable[[str], Any]]:
    sys.path.insert(0, str(SCRIPTS))
    try:
        yield import_module
    finally:
        sys.path.remove(str(SCRIPTS))
