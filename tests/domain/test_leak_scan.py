"""The leak scan finds what could harm, however it is written, and nothing that belongs there."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelter_app.domain.leak_scan import Concern, Words, prepared, scan

WORDS = prepared(
    Words(
        other_names=frozenset({"Zawadi", "Amani", "Rehema Wanjiku"}),
        own_names=frozenset({"Pendo", "Achieng"}),
        staff_names=frozenset({"G. Mwikali"}),
        places=frozenset({"Kisauni house", "Blue Gate"}),
        health=frozenset({"HIV", "ARV", "pregnan*", "ujauzito"}),
        history=frozenset({"boyfriend*"}),
        blame=frozenset({"absconded", "prostitute*"}),
        common=frozenset({"amani"}),
        expected=frozenset({"SO/E118/2026", "OB 12/2/9/2026", "CSS-2026-0031-v2"}),
    )
)


def _found(text: str) -> list[tuple[str, Concern]]:
    return [(text[f.start : f.end], f.concern) for f in scan(text, WORDS)]


@pytest.mark.parametrize(
    "text",
    ["She came with Zawadi.", "ZAWADI", "Zawadi's bed", "zawádi", "rafiki wa Zawadi", "(Zawadi)"],
)
def test_another_resident_is_found_however_she_is_written(text: str) -> None:
    assert [concern for _, concern in _found(text)] == [Concern.OTHER_RESIDENT]


def test_a_name_inside_a_longer_word_is_not_a_name() -> None:
    assert _found("Zawadini primary school; pendolino") == []


@pytest.mark.parametrize(
    ("text", "certain"),
    [
        ("Amani is what she wishes for.", False),
        ("She shares a room with Amani.", True),
        ("chumba cha Amani", True),
        ("tunataka amani", False),
    ],
)
def test_an_everyday_word_is_marked_as_uncertain(text: str, certain: bool) -> None:
    assert [finding.certain for finding in scan(text, WORDS)] == [certain]


@pytest.mark.parametrize(
    "number",
    ["0712 345 678", "+254712345678", "0712-345-678", "(020) 555 0123", "12345678", "123-45C67890"],
)
def test_phones_and_identity_numbers_are_found(number: str) -> None:
    assert _found(f"Call {number} any time") == [(number, Concern.NUMBER)]


@pytest.mark.parametrize(
    "harmless",
    [
        "Case SO/E118/2026, reported as OB 12/2/9/2026.",
        "Reference CSS-2026-0031-v2 of 23/11/2026 09:00.",
        "In the care of the organisation since 2026-08-31; 3 sessions of 3.",
        "In a protected place since April 2026 (220 days); in May 2026 220 days.",
        "Sexual Offences Act s.8(1)(2), 30 years, KES 30 000",
    ],
)
def test_case_numbers_dates_and_sections_are_left_alone(harmless: str) -> None:
    assert _found(harmless) == []


def test_two_words_of_a_name_are_one_finding() -> None:
    assert _found("Rehema Wanjiku saw it") == [("Rehema Wanjiku", Concern.OTHER_RESIDENT)]


def test_places_health_history_and_blame_are_found() -> None:
    text = "At the blue gate she was pregnant, HIV tested, had a boyfriend and absconded."
    assert [concern for _, concern in _found(text)] == [
        Concern.PLACE,
        Concern.HEALTH,
        Concern.HEALTH,
        Concern.HISTORY,
        Concern.BLAME,
    ]


@given(st.text(), st.text())
def test_a_name_is_found_wherever_it_stands_alone(before: str, after: str) -> None:
    text = f"{before} Zawadi {after}"
    start = len(before) + 1
    assert any(f.start <= start < f.end for f in scan(text, WORDS))


@given(st.text(max_size=400))
def test_findings_never_overlap_and_lie_inside_the_text(text: str) -> None:
    found = scan(text, WORDS)
    assert all(0 <= f.start < f.end <= len(text) for f in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))
