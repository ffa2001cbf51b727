"""The few scanned papers of the demo house: drawn by the program, of invented people only.

No photographs of faces, and none of anybody accused: the house keeps none.
"""

from __future__ import annotations

import dataclasses
from typing import Final

from shelter_app.domain.consent import Consent
from shelter_app.domain.person import IdentityDocument
from shelter_app.domain.record import Record
from shelter_app.services import papers
from shelter_app.services.rendering import plain_paper
from shelter_app.services.rendering.plain_paper import Line, Paper, Section
from shelter_app.services.work import Work

WITH_PAPERS: Final = (0, 1, 3)
"""Who of those who live here have a signed form: places in the house."""
_INVENTED: Final = "Invented. Demo data of no real person."


def consent_form(work: Work, consent: Consent, alias: str) -> None:
    """Put the signed form beside a consent, as a PDF."""
    said = Section(
        "Consent to receive services",
        (
            Line("I was told in my language what the house offers and what it writes down."),
            Line("I may say no to any of it, and change my mind, and still be helped."),
            Line("I was asked alone."),
        ),
    )
    signed = Section("Signed with her mark", (Line("(thumb print)", "Mark"), Line(alias, "Name")))
    form = Paper("Consent form", (_INVENTED,), (("Form", "A"),), (said, signed), _INVENTED)
    _add(work, consent, plain_paper.pdf(form), "Signed form with her mark")


def certificate(work: Work, paper: IdentityDocument) -> None:
    """Put a copy beside an identity paper: a picture, sealed."""
    body = Section("Extract", (Line("REPUBLIC OF NOWHERE"), Line("No. 000000", "Number")))
    drawn = Paper("Birth certificate (copy)", (_INVENTED,), (), (body,), _INVENTED)
    _add(work, paper, plain_paper.pictures(drawn, width=900)[0], "Front")


def _add(work: Work, of: Record, content: bytes, about: str) -> None:
    blank = papers.start(work, type(of), of.id)
    papers.add(work, dataclasses.replace(blank, about=about), content)
