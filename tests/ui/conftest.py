"""Windows are taken apart in the thread they live in, between two tests."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _collected_here() -> Iterator[None]:
    """Keep the collector out of the vault's thread while windows live (see ui/sweeper.py)."""
    gc.disable()
    yield
    gc.collect()
    gc.enable()
