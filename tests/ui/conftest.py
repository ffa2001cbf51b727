"""What every test with windows stands on."""

from __future__ import annotations

from tests.windows import windows_taken_apart

__all__ = ["windows_taken_apart"]
