"""Start the program: `python main.py`, or the built `makao`."""

import sys

from ui.app import main

if __name__ == "__main__":
    sys.exit(main(sys.argv))
