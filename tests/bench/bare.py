"""The least that has to be read for each page: plain SQL on the same open files, nothing built."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from shelter_app import clock
from shelter_app.services.desk import Desk

_HERS: Final = (
    "house.person WHERE id = ?",
    "house.stay WHERE person_id = ? AND voided = 0",
    "house.counselling_enrolment WHERE person_id = ? AND voided = 0",
    "house.appointment WHERE person_id = ? AND voided = 0",
    "cases.person_background WHERE id = ?",
    "cases.alias WHERE person_id = ? AND voided = 0",
    "cases.identity_document WHERE person_id = ? AND voided = 0",
    "cases.consent WHERE person_id = ? AND voided = 0",
    "cases.risk_assessment WHERE person_id = ? AND voided = 0",
    "cases.care_plan WHERE person_id = ? AND voided = 0",
    "cases.plan_goal WHERE person_id = ? AND voided = 0",
    "cases.legal_case WHERE person_id = ? AND voided = 0",
    "cases.court_event WHERE person_id = ? AND voided = 0",
    "cases.followup_contact WHERE person_id = ? AND voided = 0",
    "cases.document WHERE person_id = ? AND voided = 0",
)
_MOMENTS: Final = (
    ("house.stay", "admitted_at", ""),
    ("house.counselling_session", "starts_at", ""),
    ("house.appointment", "starts_at", ""),
    ("cases.consent", "given_on", ""),
    ("cases.risk_assessment", "done_at", ""),
    ("cases.plan_review", "held_on", ""),
    ("cases.court_event", "starts_at", ""),
    ("cases.police_contact", "at", ""),
    ("cases.followup_contact", "done_on", " AND done_on IS NOT NULL"),
)
_LINE: Final = (
    "SELECT person.*, stay.* FROM json_each(?) AS wanted CROSS JOIN house.person AS person"
    " LEFT JOIN house.stay AS stay ON stay.person_id = person.id AND stay.voided = 0"
    " WHERE person.id = wanted.value"
)


class Bare:
    """Plain reads through the driver itself."""

    def __init__(self, desk: Desk) -> None:
        connection: Any = desk.vault.connection
        self._raw = connection.connection.driver_connection
        connection.rollback()

    def _all(self, statement: str, values: Sequence[object] = ()) -> list[Any]:
        found: list[Any] = self._raw.execute(statement, values).fetchall()
        return found

    def resident(self, person_id: int) -> None:
        """Read all rows her page is made of."""
        for part in _HERS:
            self._all(f"SELECT * FROM {part}", (person_id,))

    def timeline(self, person_id: int) -> None:
        """Read the newest fifty moments and the rows they stand for."""
        parts = " UNION ALL ".join(
            f"SELECT '{table}', id, {at} AS at FROM {table} WHERE person_id = {person_id}"
            f" AND voided = 0{more}"
            for table, at, more in _MOMENTS
        )
        by_table: dict[str, list[str]] = {}
        for table, record_id, _at in self._all(f"{parts} ORDER BY at DESC LIMIT 50"):
            by_table.setdefault(table, []).append(str(record_id))
        for table, ids in by_table.items():
            self._all(f"SELECT * FROM {table} WHERE id IN ({','.join(ids)})")

    def lines(self, ids: Sequence[int]) -> None:
        """Read what a screen of the list shows."""
        self._all(_LINE, (str(list(ids)),))

    def everybody(self) -> None:
        """Read the ids of all people by name."""
        self._all("SELECT id FROM house.person WHERE voided = 0 ORDER BY display_alias")

    def search(self, typed: str) -> None:
        """Read the people whose name begins as typed, and nothing that forgives spelling."""
        word = typed.casefold().strip()
        found: list[Any] = []
        for place in (0, 1):
            found += self._all(
                "SELECT person_id FROM house.search_key WHERE kind = 'w' AND place = ?"
                " AND term >= ? AND term < ? LIMIT 50",
                (place, word, word + "\U0010ffff"),
            )
        self.lines([row[0] for row in found[:50]])

    def today(self, _mine: bool) -> None:
        """Read the open stays, what is due and the appointments of the day and the week."""
        day = clock.today().isoformat()
        stays = self._all("SELECT * FROM house.stay WHERE exited_at IS NULL AND voided = 0")
        people = str([row[8] for row in stays])
        self._all(
            "SELECT t.* FROM json_each(?) w CROSS JOIN house.person t WHERE t.id = w.value",
            (people,),
        )
        for table in ("consent", "risk_assessment", "care_plan", "plan_goal", "placement"):
            self._all(
                f"SELECT t.* FROM json_each(?) w CROSS JOIN cases.{table} t"
                " WHERE t.person_id = w.value AND t.voided = 0",
                (people,),
            )
        self._all(
            "SELECT * FROM cases.legal_case WHERE concluded_on IS NULL AND voided = 0 LIMIT 1500"
        )
        self._all(
            "SELECT * FROM cases.followup_contact WHERE done_on IS NULL AND due_on <= ?"
            " AND voided = 0 LIMIT 1500",
            (day,),
        )
        for table in ("appointment", "counselling_session"):
            self._all(
                f"SELECT * FROM house.{table} WHERE starts_at >= ?"
                " AND starts_at < date(?, '+8 days') AND voided = 0",
                (day, day),
            )
