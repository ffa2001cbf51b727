"""Write the statements of the first migration from the declared record types.

Run it while no version has been released; afterwards v001 is frozen history and changes get a
numbered step of their own, for which `statements_for` is the source to copy from.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from shelter_app.domain.access import COMPARTMENTS  # noqa: E402
from shelter_app.storage import audit, drafts, migrate, search  # noqa: E402
from shelter_app.storage.tables import statements_for  # noqa: E402

HEAD = '''"""The tables as first released: frozen statements that import nothing of ours."""

from __future__ import annotations

from typing import Final

# fmt: off
STATEMENTS: Final[dict[str, tuple[str, ...]]] = '''


def _one_line(statement: str) -> str:
    return re.sub(r"\s+", " ", statement).strip()


def main() -> None:
    """Rewrite v001_initial.py."""
    extra = (*migrate.DDL, *audit.DDL, *drafts.DDL, *search.DDL)
    made = {name: statements_for(name, extra) for name in COMPARTMENTS}
    target = ROOT / "shelter_app" / "storage" / "migrations" / "v001_initial.py"
    lines = ["{"]
    for name, statements in made.items():
        lines.append(f"    {name!r}: (")
        lines += [f"        {_one_line(statement)!r}," for statement in statements]
        lines.append("    ),")
    body = "\n".join([*lines, "}"])
    target.write_text(f"{HEAD}{body}\n# fmt: on\n", encoding="utf-8")
    print(f"wrote {target.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
