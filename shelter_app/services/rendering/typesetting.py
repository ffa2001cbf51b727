"""PDF and page pictures from a template and plain data; nothing typed is ever read as markup.

Data reaches the template as JSON text through an input, so a '#' or '$' somebody typed stays what
it is. Fonts are ours only: a paper looks the same on every machine, and nothing is downloaded.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from shelter_app import paths

if TYPE_CHECKING:
    import typst

_POINTS_PER_INCH = 72


@cache
def _compiler(template: str) -> typst.Compiler:
    import typst

    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[paths.resource("fonts")],
    )
    source = paths.resource("templates", template)
    return typst.Compiler(source, root=paths.resource(), font_paths=fonts)


def _inputs(data: dict[str, Any]) -> dict[str, str]:
    return {"data": json.dumps(data, ensure_ascii=False)}


def pdf(template: str, data: dict[str, Any], *, made_at: datetime | None = None) -> bytes:
    """Return a tagged PDF (PDF/UA-1) with embedded fonts; the same data gives the same bytes."""
    stamp = (made_at or datetime(2026, 1, 1, tzinfo=UTC)).astimezone(UTC)
    made = _compiler(template).compile(
        format="pdf", sys_inputs=_inputs(data), pdf_standards=["ua-1"], timestamp=stamp
    )
    assert isinstance(made, bytes)
    return made


def pages(template: str, data: dict[str, Any], *, width: int = 700) -> tuple[bytes, ...]:
    """Return each page as PNG, about `width` pixels wide (A4 is 595 points)."""
    points = 595
    made = _compiler(template).compile(
        format="png", sys_inputs=_inputs(data), ppi=_POINTS_PER_INCH * width / points
    )
    return (made,) if isinstance(made, bytes) else tuple(made or ())
