"""Ask the public databases whether a locked package has a known weakness.

Exit code 0: asked, and nothing known. 1: something is known. 2: nobody could be asked; then
nothing is known either way, and it says so. pip-audit is fetched into a folder of its own: the
program and its development do without it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Final

from layout import BUILD, PACKAGING, cache

_TOOL: Final = "pip-audit==2.*"
_LOCKS: Final = ("requirements.lock", "requirements-dev.lock")
_SOURCES: Final = {"the package index": "pypi", "OSV": "osv"}
_PATIENCE: Final = 180


def main() -> int:
    """Audit both locks against the first database that answers."""
    tool = _tool()
    if tool is None:
        print("audit: pip-audit could not be fetched; the locks were NOT compared with anything")
        return 2
    BUILD.mkdir(exist_ok=True)
    for called, source in _SOURCES.items():
        told = [_ask(tool, source, PACKAGING / lock) for lock in _LOCKS]
        if all(found is not None for found in told):
            return _report(called, [one for found in told for one in found or []])
        print(f"audit: {called} does not answer from here")
    print("audit: no database answered; the locks were NOT compared with known weaknesses")
    return 2


def _tool() -> Path | None:
    place = cache() / "audit"
    python = place / "bin" / "python"
    if not (place / "bin" / "pip-audit").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(place)], check=True)
        fetched = subprocess.run(
            [str(python), "-m", "pip", "install", "--quiet", "--quiet", _TOOL], check=False
        )
        if fetched.returncode:
            return None
    return place / "bin" / "pip-audit"


def _ask(tool: Path, source: str, lock: Path) -> list[dict[str, str]] | None:
    """Return what is known about one lock's packages, or None when nobody answered."""
    asked = [str(tool), "--requirement", str(lock), "--no-deps", "--disable-pip"]
    asked += ["--vulnerability-service", source, "--format", "json", "--progress-spinner", "off"]
    try:
        ran = subprocess.run(
            asked,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=_PATIENCE,
        )
        told = json.loads(ran.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        return None
    if any("skip_reason" in package for package in told["dependencies"]):
        return None
    return [
        {"package": f"{package['name']} {package['version']}", "id": known["id"]}
        | {"fixed": ", ".join(known.get("fix_versions", []))}
        for package in told["dependencies"]
        for known in package.get("vulns", [])
    ]


def _report(called: str, found: list[dict[str, str]]) -> int:
    for one in found:
        print(f"audit: {one['package']}: {one['id']}, mended in {one['fixed'] or 'no release yet'}")
    if not found:
        print(f"audit: {called} knows of no weakness in any locked package")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
