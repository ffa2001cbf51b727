"""What every test with windows stands on."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from tests.windows import windows_taken_apart
from ui.kit import theme

__all__ = ["windows_taken_apart"]


@pytest.fixture(autouse=True, scope="session")
def dressed(qapp: QApplication) -> None:
    """Dress the program as it always is, whichever test is first: bare, a window may not paint."""
    theme.apply(qapp, "light")
