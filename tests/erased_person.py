"""A person with words of hers in every file, to be erased, and a look for what is left of them."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta

from shelter_app.domain.counselling import (
    CounsellingEnrolment,
    CounsellingNote,
    CounsellingSession,
)
from shelter_app.domain.person import Person, PersonBackground, SealedIdentity
from shelter_app.domain.retention import TwoPersonDecision
from shelter_app.domain.stay import Placement
from shelter_app.services import purge, retention
from shelter_app.services.work import Work
from shelter_app.storage import keyring_file
from tests.builders import a_person, a_stay, minimal
from tests.fixtures import House
from tests.pages import plain_bytes

WORDS = ("Zuhurafina", "Wavinyakanini", "marigoldgarden", "Kisauniquarter", "0799123456")
REASON = "Her file is due for eight years"


def closed_file(work: Work, years: int = 9, **changes: object) -> Person:
    """A person who left long ago, with words of hers in every file the worker opens."""
    person = a_person(
        work,
        display_alias=WORDS[0],
        house_notes=f"likes the {WORDS[2]}",
        age_band="18-24",
        **changes,
    )
    left = work.now - timedelta(days=365 * years)
    stay = a_stay(
        work, person, state="S60_closed", admitted_at=left - timedelta(days=90), exited_at=left
    )
    work.save(
        Placement(
            id=stay.id,
            person_id=person.id,
            admission_kind="new",
            brought_by=WORDS[3],
            exit_type="family_reintegration",
        ),
        by_program=True,
    )
    work.save(
        PersonBackground(
            id=person.id,
            person_id=person.id,
            birth_date=date(1994, 2, 3),
            home_county="001",
            alias_reason=f"from {WORDS[3]}",
        ),
        by_program=True,
    )
    if work.holds("identity"):
        work.save(
            SealedIdentity(
                id=person.id, person_id=person.id, true_first_name=WORDS[1], phone_own=WORDS[4]
            ),
            by_program=True,
        )
    return person


def note_of_a_counsellor(house: House, person: Person) -> None:
    with house.work("counsellor") as work:
        links = {"person": person.id, "staff": work.actor.staff_id}
        for kind in (CounsellingEnrolment, CounsellingSession, CounsellingNote):
            record = minimal(kind, work.now, **links)
            if isinstance(record, CounsellingNote):
                record = dataclasses.replace(record, content=f"She spoke of the {WORDS[2]}")
            links[kind.table] = work.save(record, by_program=True).id


def decided(house: House, person: Person, second: str = "dpo") -> TwoPersonDecision:
    with house.work("manager") as work:
        proposed = retention.propose(work, person.id, "purge", REASON)
    with house.work(second) as work:
        return retention.approve(work, proposed.id)


def erased(house: House, decision: TwoPersonDecision) -> purge.Report:
    return house.desk("manager").run(purge.carry_out, decision.id).result().value


def keys(house: House, role: str) -> dict[str, bytes]:
    """Return what the slot opens, as a thief with her phrase would have it."""
    from shelter_app.storage import keyring_keys
    from tests.fixtures import PHRASE

    ring = keyring_file.load(house.folder)
    slot = ring.slot(house.slots[role])
    assert slot is not None
    private = keyring_keys.unlocked(ring.vault_id, slot, PHRASE)
    return keyring_keys.opened_grants(ring, slot, private)


def found_in(house: House, role: str, person_id: int = 0) -> list[tuple[str, str]]:
    """Return which words are readable in which decrypted file, free pages included."""
    ring = keyring_file.load(house.folder)
    found = []
    for compartment, key in keys(house, role).items():
        path = house.folder / ring.files[compartment].file
        plain, raw = plain_bytes(path, bytes(key)), path.read_bytes()
        assert b"CREATE TABLE" in plain
        found += [
            (compartment, word)
            for word in WORDS
            for shape in (word, word.casefold(), word.upper())
            if shape.encode() in plain or shape.encode() in raw
        ]
    return found
