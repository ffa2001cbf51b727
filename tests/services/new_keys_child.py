"""A manager who gives new keys to everything she opens, to be killed at any moment.

`python -m tests.services.new_keys_child FOLDER SLOT`: prints a line when she is signed in.
"""

import os
import sys
from pathlib import Path

from shelter_app.services import key_changes
from shelter_app.services.desk import ImmediateExecutor, sign_in
from shelter_app.services.inside import Inside
from shelter_app.services.key_changes import Course
from tests.fixtures import PHRASE

if __name__ == "__main__":
    desk = sign_in(Path(sys.argv[1]), sys.argv[2], PHRASE, ImmediateExecutor()).result()
    os.write(1, b"in\n")
    while True:
        key_changes.give_new_keys(Inside(desk.vault, desk.actor, lambda: False), Course())
