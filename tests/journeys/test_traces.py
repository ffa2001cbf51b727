"""After a day's work nothing readable is left on the computer: forty words, no hit."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from shelter_app.domain.aftercare import SafeContactNumber
from shelter_app.domain.counselling import CounsellingEnrolment, CounsellingNote, CounsellingSession
from shelter_app.domain.person import PersonBackground, SealedIdentity
from shelter_app.domain.record import Record
from tests.builders import a_court_event, a_legal_case, a_person, a_room_with_beds, a_stay
from tests.fixtures import PHRASE, House
from ui.main_job import NAME

_TYPED: Final = (
    NAME,
    "telephone number",
    "does not know this house",
    "grounding exercise",
    "five things she sees",
    "knows three people",
    "who goes with her",
    "four nights of seven",
    "knows her allergies",
    "awake at night",
    "Nyali Police",
    "has the statement",
    "data from the provider",
)
"""What the main job types into the windows."""
_KEPT: Final[dict[str, Any]] = {
    "display_alias": "Zawadi",
    "diet": "groundnuts",
    "allergy_alert": "penicillin",
    "house_notes": "sits near doors",
    "disability_support": "hearing aid",
}
_SEALED: Final[dict[str, Any]] = {
    "true_first_name": "Wanjirukamau",
    "true_other_names": "Nyokabimutua",
    "nickname_known": "Kadogoshiru",
    "national_id_no": "31415926",
    "unhcr_no": "KEN-00271828",
    "phone_own": "0722161803",
    "address_true": "Mkomanimosque",
    "next_of_kin_true": "Auntmwikali",
    "identifying_marks": "scarlefteyebrow",
    "ethnicity_note": "Digospeaking",
}
_NUMBER: Final[dict[str, Any]] = {
    "contact_name": "Mamafatuma",
    "phone": "0733141421",
    "address": "Behindthebakery",
}
_BACKGROUND: Final[dict[str, Any]] = {
    "alias_reason": "dawnmeaning",
    "gender_note": "calmerwithwomen",
}
_CASE: Final[dict[str, Any]] = {
    "short_title": "Courtmatterq",
    "ob_number": "OB77/2026",
    "police_station": "Bamburirioters",
    "investigating_officer": "Sgtkiplagat",
    "io_phone": "0700577215",
    "court_case_no": "SOE4821",
}
_NOTE: Final[dict[str, Any]] = {"content": "shedreamtofthesea", "plan_next": "breathingagain"}
WORDS: Final = (
    PHRASE,
    *_TYPED,
    *(
        word
        for part in (_KEPT, _SEALED, _NUMBER, _BACKGROUND, _CASE, _NOTE)
        for word in part.values()
    ),
)


def _filled(house: House) -> None:
    with house.work("manager") as work:
        a_room_with_beds(work)
        person = a_person(work, **_KEPT)
        a_stay(work, person)
        shared: dict[str, Any] = {"id": person.id, "person_id": person.id}
        sealed: tuple[Record, ...] = (
            SealedIdentity(**shared, **_SEALED),
            SafeContactNumber(**shared, **_NUMBER),
            PersonBackground(**shared, **_BACKGROUND),
        )
        for record in sealed:
            work.save(record, by_program=True)
        a_court_event(work, a_legal_case(work, person, **_CASE))
    with house.work("counsellor") as work:
        me = work.actor.staff_id
        enrolment = work.save(
            CounsellingEnrolment(
                person_id=person.id, programme="six_session", counsellor=me, started_on=work.today
            )
        )
        session = work.save(
            CounsellingSession(enrolment_id=enrolment.id, counsellor=me, starts_at=work.now)
        )
        note = CounsellingNote(person_id=person.id, session_id=session.id, author=me, **_NOTE)
        work.save(note, by_program=True)
    house.close()


def _computer(root: Path) -> dict[str, str]:
    """Return an environment whose every place lies under one folder."""
    places = {
        "HOME": "home",
        "USERPROFILE": "home",
        "TMPDIR": "tmp",
        "LOCALAPPDATA": "data",
        "XDG_CACHE_HOME": "cache",
        "XDG_CONFIG_HOME": "config",
        "XDG_DATA_HOME": "data",
        "XDG_RUNTIME_DIR": "runtime",
        "XDG_STATE_HOME": "state",
    }
    told = dict(os.environ) | {"QT_QPA_PLATFORM": "offscreen", "PYTHONDONTWRITEBYTECODE": "1"}
    for name, place in places.items():
        (root / place).mkdir(mode=0o700, parents=True, exist_ok=True)
        told[name] = str(root / place)
    return told


def _spellings(word: str) -> Iterator[bytes]:
    for shown in {word, word.lower(), word.upper()}:
        for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
            yield shown.encode(encoding)


def hits(root: Path) -> list[str]:
    """Return where a known word can be read under a folder, in names as well as in files."""
    found = []
    spelled = {word: tuple(_spellings(word)) for word in WORDS}
    for path in root.rglob("*"):
        inside = path.read_bytes() if path.is_file() else b""
        told = inside + b"\n" + str(path.relative_to(root)).encode()
        found += [
            f"{word} in {path.relative_to(root)}"
            for word, ways in spelled.items()
            if any(way in told for way in ways)
        ]
    return found


def test_the_words_would_be_found_if_they_were_there(tmp_path: Path) -> None:
    assert len(set(WORDS)) >= 40
    (tmp_path / "a").write_bytes(b"xx" + "Zawadi".encode("utf-16-le"))
    (tmp_path / "0722161803.txt").write_text("nothing")
    assert len(hits(tmp_path)) == 2


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_whole_day_leaves_no_known_word_on_the_computer(house: House, tmp_path: Path) -> None:
    _filled(house)
    root, papers = tmp_path / "computer", tmp_path / "stick"
    papers.mkdir()
    told = _computer(root)
    shutil.move(house.folder, root / "records")
    checkout = Path(__file__).resolve().parents[2]
    program = (
        f"import sys; sys.path.insert(0, {str(checkout)!r});"
        " from pathlib import Path; from tests.journeys.traced_child import main;"
        " sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(root / "records"), str(papers)],
        env=told,
        cwd=root / "home",
        capture_output=True,
        text=True,
        check=False,
        timeout=560,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert list(papers.glob("*.pdf"))
    assert hits(root) == []
    for path in root.rglob("*"):
        assert not path.stat().st_mode & 0o077, path
