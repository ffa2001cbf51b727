"""Start the program: `python main.py`, or the built one."""

import os
import sys
from pathlib import Path

if sys.stdout is None or sys.stderr is None:
    # A Windows program without a console has no streams; a check can name a file for what it says.
    said = Path(os.environ.get("REGISTER_SAYS") or os.devnull)
    sys.stdout = sys.stderr = said.open("a", encoding="utf-8", buffering=1)

from ui.app import end, main

if __name__ == "__main__":
    measured = os.environ.get("REGISTER_FIRST_PAINT")
    if measured:
        from ui import first_paint

        end(first_paint.main(sys.argv, measured))
    end(main(sys.argv))
