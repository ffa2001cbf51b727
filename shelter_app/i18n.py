"""Translations: one gettext catalogue for core and windows, switched live."""

from __future__ import annotations

import gettext
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Final

from shelter_app import paths

LANGUAGES: Final = (("en", "English"), ("sw", "Kiswahili"))
DOMAIN: Final = "makao"

_current = "en"
_catalogue: gettext.NullTranslations = gettext.NullTranslations()
_spoken: ContextVar[str] = ContextVar("spoken", default="")


def N_(sentence: str) -> str:  # noqa: N802 - gettext's own name for 'mark only'
    """Mark a sentence for translation where it is declared; it is translated where it is shown."""
    return sentence


def _(sentence: str) -> str:
    """Return the sentence in the language of the program, or of the paper being written."""
    return _in_use().gettext(sentence) if sentence else ""


def ngettext(one: str, many: str, count: int) -> str:
    """Return the singular or plural sentence for a count."""
    return _in_use().ngettext(one, many, count)


@cache
def _load(code: str) -> gettext.NullTranslations:
    return gettext.translation(
        DOMAIN, str(paths.resource("locale")), languages=[code], fallback=True
    )


def _in_use() -> gettext.NullTranslations:
    spoken = _spoken.get()
    return _load(spoken) if spoken else _catalogue


def set_language(code: str) -> None:
    """Switch the language of everything asked for from now on."""
    global _current, _catalogue  # noqa: PLW0603 - the one language of the process
    _catalogue = _load(code)
    _current = code


def language() -> str:
    """Return the language code in use, 'en' or 'sw'."""
    return _spoken.get() or _current


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Speak another language in this thread only: a paper may be in English on a Swahili screen."""
    before = _spoken.set(code)
    try:
        yield
    finally:
        _spoken.reset(before)
