"""The lists of what is inside are in step with the lock, and the program shows them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from shelter_app.services import licences
from tests.contexts import a_context
from tests.fixtures import House
from ui.features.settings import page
from ui.features.settings.licences_part import LicencesPart


@pytest.fixture
def bill(script: Callable[[str], Any]) -> Any:
    """The script that writes the lists."""
    return script("bill")


def test_every_part_names_its_licence_and_agrees_with_the_lock_and_the_libraries(
    bill: Any,
) -> None:
    assert bill.faults() == []


def test_the_bill_of_materials_names_every_locked_package_and_what_wheels_carry(bill: Any) -> None:
    made = json.loads(json.dumps(bill.bill()))
    names = {component["name"] for component in made["components"]}
    assert set(bill.locked()) <= names
    assert {"SQLCipher", "Qt", "typst", "krilla"} <= names
    references = [component["bom-ref"] for component in made["components"]]
    assert len(references) == len(set(references))
    assert made["components"] == json.loads(json.dumps(bill.bill()))["components"]


def test_licence_texts_are_there_for_every_named_licence(bill: Any, tmp_path: Path) -> None:
    bill.write_texts(tmp_path)
    texts = {path.name for path in tmp_path.iterdir()}
    assert {"LGPL-3.0-only.txt", "Apache-2.0.txt", "daily-register.txt"} <= texts
    for path in tmp_path.iterdir():
        path.read_text("utf-8")
    licences = list(tmp_path.glob("*LICENSE*"))
    assert licences
    assert all(path.stat().st_size > 100 for path in licences)


def test_everybody_finds_the_licences_in_the_settings(house: House, qtbot: QtBot) -> None:
    context = a_context(house, "house_mother")
    made = page(context)
    qtbot.addWidget(made)
    made.show()
    part = made.findChild(LicencesPart)
    assert isinstance(part, LicencesPart)
    qtbot.waitUntil(lambda: part.table.count() == len(licences.parts()))
    assert [found.name for found in licences.matching("zetetic")] == ["SQLCipher"]
