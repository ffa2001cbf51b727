"""What a running program holds in memory, searched from outside, byte by byte.

A house mother's process never holds a counselling note. After locking, the process holds neither
her password nor a key, because it was replaced.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from shelter_app.domain.counselling import CounsellingNote
from shelter_app.storage import keyring_file, slots
from shelter_app.storage import keyring_keys as keys_of
from tests import builders
from tests.fixtures import ALIASES, PHRASE, House
from tests.ui.memory_child import SECOND_LIFE

ROOT = Path(__file__).resolve().parents[2]
SAID = "Alisema-kuhusu-mto-wa-zambarau-77193"
STEP = 1 << 22

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="memory is read through /proc"),
    pytest.mark.timeout(240),
]


def found_in(pid: int, needles: Mapping[str, bytes]) -> dict[str, int]:
    """Count each needle in all memory of a process that can be read."""
    longest = max(len(needle) for needle in needles.values())
    counts = dict.fromkeys(needles, 0)
    maps = Path(f"/proc/{pid}/maps").read_text().splitlines()
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in maps:
            span, rights = line.split()[:2]
            if "r" not in rights or "[v" in line:
                continue
            start, end = (int(part, 16) for part in span.split("-"))
            for at in range(start, end, STEP):
                try:
                    memory.seek(at)
                    part = memory.read(min(STEP + longest - 1, end - at))
                except (OSError, ValueError, OverflowError):
                    break
                for name, needle in needles.items():
                    counts[name] += part.count(needle)
    return counts


def both_ways(name: str, text: str) -> dict[str, bytes]:
    """Return a text as Python and as Qt keep it."""
    return {name: text.encode(), f"{name} in Qt": text.encode("utf-16-le")}


@contextmanager
def running(house: House, role: str) -> Iterator[Any]:
    """Run the program as that worker until it says that it is ready."""
    house.close()
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    env.pop(SECOND_LIFE, None)
    child: Any = subprocess.Popen(
        [sys.executable, "-m", "tests.ui.memory_child", str(house.folder), ALIASES[role]],
        cwd=ROOT,
        env=env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,
    )
    try:
        tell(child, PHRASE)
        assert child.stdout.readline() == b"ready\n"
        yield child
    finally:
        child.kill()
        child.wait()
        child.stdin.close()
        child.stdout.close()


def tell(child: Any, line: str) -> None:
    child.stdin.write(f"{line}\n".encode())


def write_a_note(house: House) -> None:
    with house.work("manager") as work:
        person = builders.a_person(work)
    with house.work("counsellor") as work:
        note = CounsellingNote(
            person_id=person.id,
            session_id=1,
            written_at=work.now,
            author=work.actor.staff_id,
            content=SAID,
        )
        work.save(note, by_program=True)


def keys_of_role(house: House, role: str) -> dict[str, bytes]:
    house.close()
    ring = keyring_file.load(house.folder)
    slot = slots.slot_in(ring, house.slots[role])
    private = keys_of.unlocked(ring.vault_id, slot, PHRASE)
    keys = keys_of.opened_grants(ring, slot, private)
    return {f"key of {name}": key for name, key in keys.items()} | {"private": private.block}


def test_a_house_mothers_process_never_holds_a_counselling_note(house: House) -> None:
    write_a_note(house)
    with running(house, "counsellor") as child:
        assert sum(found_in(child.pid, both_ways("note", SAID)).values()) > 0, "the search is blind"
    with running(house, "house_mother") as child:
        assert set(found_in(child.pid, both_ways("note", SAID)).values()) == {0}


def test_after_locking_the_process_knows_no_password_and_no_key(house: House) -> None:
    needles = both_ways("password", PHRASE) | keys_of_role(house, "house_mother")
    with running(house, "house_mother") as child:
        before = found_in(child.pid, needles)
        assert before["key of house"] > 0, "the search is blind"
        tell(child, "lock")
        assert child.stdout.readline() == b"locked\n"
        assert found_in(child.pid, needles) == dict.fromkeys(needles, 0)
        tell(child, "end")
