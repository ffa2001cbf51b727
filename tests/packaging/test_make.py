"""What a build lays beside the installers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pypdfium2  # type: ignore[import-untyped]
import pytest

from shelter_app import i18n


@pytest.fixture
def in_english() -> Iterator[None]:
    yield
    i18n.set_language("en")


@pytest.mark.usefixtures("in_english")
def test_the_guide_and_its_first_hour_lie_beside_the_installers_in_both_languages(
    script: Callable[[str], Any], tmp_path: Path
) -> None:
    script("make").write_guide(tmp_path)
    pages = {path.name: len(pypdfium2.PdfDocument(path)) for path in tmp_path.iterdir()}
    assert pages.keys() == {
        "guide-en.pdf",
        "guide-sw.pdf",
        "guide-first-hour-en.pdf",
        "guide-first-hour-sw.pdf",
    }
    assert pages["guide-first-hour-en.pdf"] == pages["guide-first-hour-sw.pdf"] == 2
    assert min(pages["guide-en.pdf"], pages["guide-sw.pdf"]) > 10
