"""What is asked first after signing in, asked of an empty house while somebody types her phrase.

How a question is put to the database takes longer to work out than to answer. Worked out here once
per process, it is known when the records open; no key and no record is needed for it.
"""

from __future__ import annotations

from typing import Final, cast

from shelter_app.domain.access import Actor, compartments_of
from shelter_app.domain.staff import Staff
from shelter_app.services import house_settings, today
from shelter_app.services.work import Work
from shelter_app.storage import records
from shelter_app.storage.empty_house import empty_house
from shelter_app.storage.vault import Vault

ROLES: Final = ("manager", "social_worker", "house_mother", "legal_officer", "counsellor", "nurse")
"""Together they ask whatever the first page can ask of any worker."""


def practise() -> None:
    """Ask for the first page as each of the roles would."""
    with empty_house() as house:
        records.matching(house.connection, Staff, slot_id="")
        for role in ROLES:
            roles = frozenset({role})
            actor = Actor(1, "", "", roles, compartments_of(roles))
            work = Work(cast("Vault", house), actor)
            house_settings.facts(work)
            today.page(work, True)
