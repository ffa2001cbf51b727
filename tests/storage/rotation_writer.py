"""A program that saves and gives new keys in turn, to be killed at any moment or at a named step.

`python -m tests.storage.rotation_writer FOLDER SLOT [STEP]`: prints each transaction's number after
it was committed. With MAKAO_KILL_AT=STEP it kills itself when the first rotation reaches that step.
"""

from __future__ import annotations

import os
import random
import signal
import sys
from pathlib import Path

from shelter_app.domain.access import COMPARTMENTS
from shelter_app.storage import rotation, vault
from tests.storage.small_vault import PHRASE, STEPS, newest, write

KILL_AT = "MAKAO_KILL_AT"


def end_at(wanted: str) -> rotation.Watch:
    def reached(step: str) -> None:
        if step == wanted:
            os.kill(os.getpid(), signal.SIGKILL)

    return rotation.Watch(step=reached)


def main(folder: Path, slot: str) -> None:
    opened = vault.open_vault(folder, slot, PHRASE, steps=STEPS)
    chance = random.Random()
    number = max(newest(opened, name) for name in COMPARTMENTS)
    watch = end_at(os.environ.get(KILL_AT, ""))
    while True:
        number += 1
        write(opened, number)
        os.write(1, b"%d\n" % number)
        some = chance.sample(COMPARTMENTS, chance.randint(1, len(COMPARTMENTS)))
        opened.rotate(some, watch)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
