"""Translations: one gettext catalogue for core and windows, switched live."""

from __future__ import annotations

import gettext
from typing import Final

from shelter_app import paths

LANGUAGES: Final = (("en", "English"), ("sw", "Kiswahili"))
DOMAIN: Final = "makao"

_current = "en"
_catalogue: gettext.NullTranslations = gettext.NullTranslations()


def N_(sentence: str) -> str:  # noqa: N802 - gettext's own name for 'mark only'
    """Mark a sentence for translation where it is declared; it is translated where it is shown."""
    return sentence


def _(sentence: str) -> str:
    """Return the sentence in the language of the program."""
    return _catalogue.gettext(sentence) if sentence else ""


def ngettext(one: str, many: str, count: int) -> str:
    """Return the singular or plural sentence for a count."""
    return _catalogue.ngettext(one, many, count)


def set_language(code: str) -> None:
    """Switch the language of everything asked for from now on."""
    global _current, _catalogue  # noqa: PLW0603 - the one language of the process
    _catalogue = gettext.translation(
        DOMAIN, str(paths.resource("locale")), languages=[code], fallback=True
    )
    _current = code


def language() -> str:
    """Return the language code in use, 'en' or 'sw'."""
    return _current
