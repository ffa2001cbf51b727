"""How well the computer under the program keeps what is secret, said honestly."""

from __future__ import annotations

from shelter_app import hardening
from shelter_app.hardening import Measure
from shelter_app.services.work import Work


def protections(work: Work) -> tuple[Measure, ...]:
    """Return each protection and how it stands here."""
    return hardening.measures(work.vault.folder)
