"""Write down everything the program is made of: the bill of materials and the list of licences.

Usage: bill.py list | bill FILE | texts FOLDER | check. Sources: the lock (names, versions,
hashes), the metadata of what is installed, the bills some wheels carry, and packaging/inside.toml.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
import tomllib
import uuid
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib import metadata, util
from pathlib import Path
from typing import Any, Final

from layout import NAME, PACKAGING, ROOT, last_change, version

LIST: Final = ROOT / "resources" / "licences.json"
_PINNED: Final = re.compile(r"^([a-z0-9._-]+)==([^\s;]+)")
_HASH: Final = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_TEXT: Final = re.compile(r"(?i)(licen[cs]e|copying|notice|authors)")
_BY_HAND: Final = {
    "pyrage": "MIT",
    "sqlcipher3": "Zlib",
    "mdurl": "MIT",
    "markdown-it-py": "MIT",
}
"""Licences that a package carries as a text but does not name in its metadata."""


@dataclass(frozen=True)
class Part:
    """One thing the program is made of."""

    name: str
    version: str
    licence: str
    holder: str
    inside: str


def locked() -> dict[str, tuple[str, list[str]]]:
    """Return version and hashes of every package of the run-time lock."""
    found: dict[str, tuple[str, list[str]]] = {}
    name = ""
    for line in (PACKAGING / "requirements.lock").read_text("utf-8").splitlines():
        pinned = _PINNED.match(line)
        if pinned:
            name = pinned[1]
            found[name] = (pinned[2], [])
        elif name:
            found[name][1].extend(_HASH.findall(line))
    return found


def parts() -> list[Part]:
    """Return everything that is shown in the program's list of licences."""
    packages = [
        Part(name, release, _licence(name), _holder(name), "")
        for name, (release, _hashes) in locked().items()
    ]
    return packages + [
        Part(one["name"], one["version"], one["licence"], one["holder"], one["inside"])
        for one in inside()
    ]


def inside() -> list[dict[str, str]]:
    """Return the parts kept by hand."""
    held = tomllib.loads((PACKAGING / "inside.toml").read_text("utf-8"))
    return list(held["part"])


def list_text() -> str:
    """Return the list of licences as the program reads it."""
    shown = sorted((asdict(part) for part in parts()), key=lambda part: part["name"].casefold())
    return json.dumps(shown, ensure_ascii=False, indent=1) + "\n"


def _facts(name: str) -> metadata.PackageMetadata:
    return metadata.metadata(name)


def _licence(name: str) -> str:
    try:
        facts = _facts(name)
    except metadata.PackageNotFoundError:
        return "see its page"  # a package of the other system only
    stated = facts.get("License-Expression") or facts.get("License") or ""
    if stated and len(stated) < 60 and "\n" not in stated:
        return stated
    for line in facts.get_all("Classifier") or []:
        if line.startswith("License :: "):
            return line.rpartition(" :: ")[2]
    return _BY_HAND.get(name, "")


def _holder(name: str) -> str:
    try:
        facts = _facts(name)
    except metadata.PackageNotFoundError:
        return ""
    stated = facts.get("Author") or facts.get("Author-email") or facts.get("Maintainer") or ""
    return re.sub(r"\s*<[^>]*>", "", stated).strip(' "') or f"the {name} authors"


def bill() -> dict[str, Any]:
    """Return the bill of materials in the form of CycloneDX 1.5."""
    made = int(last_change())
    components = [_package(name, *facts) for name, facts in sorted(locked().items())]
    components += [
        {
            "type": "library",
            "bom-ref": f"inside:{one['name']}",
            "name": one["name"],
            "version": one["version"],
            "publisher": one["holder"],
            "licenses": [{"license": {"name": one["licence"]}}],
            "properties": [{"name": "inside", "value": one["inside"]}],
        }
        for one in inside()
    ]
    components += _carried()
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{NAME}-{version()}-{made}')}",
        "version": 1,
        "metadata": {
            "timestamp": datetime.fromtimestamp(made, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "component": {
                "type": "application",
                "bom-ref": NAME,
                "name": NAME,
                "version": version(),
                "licenses": [{"license": {"id": "GPL-3.0-or-later"}}],
            },
        },
        "components": components,
        "dependencies": [{"ref": NAME, "dependsOn": [one["bom-ref"] for one in components]}],
    }


def _package(name: str, release: str, hashes: list[str]) -> dict[str, Any]:
    where = f"pkg:pypi/{name}@{release}"
    return {
        "type": "library",
        "bom-ref": where,
        "name": name,
        "version": release,
        "purl": where,
        "publisher": _holder(name),
        "licenses": [{"license": {"name": _licence(name)}}],
        "properties": [{"name": "locked sha256", "value": one} for one in hashes],
    }


def _carried() -> list[dict[str, Any]]:
    """Return what the bills inside the wheels list, each with the wheel it came in."""
    found: dict[str, dict[str, Any]] = {}
    for name in locked():
        for path in _files_of(name):
            if "/sboms/" not in path.as_posix():
                continue
            for one in json.loads(path.read_text("utf-8")).get("components", []):
                kept = {
                    key: one[key] for key in ("type", "name", "version", "hashes") if key in one
                }
                # Where it was built is nobody's business, nor the same in two wheels.
                purl = str(one.get("purl", "")).partition("?")[0]
                reference = f"{name}:{one['name']}@{one.get('version', '')}"
                if purl:
                    kept["purl"] = purl
                if "licenses" in one:
                    kept["licenses"] = one["licenses"]
                kept["properties"] = [{"name": "inside", "value": name}]
                found[reference] = {"bom-ref": reference, **kept}
    return [found[reference] for reference in sorted(found)]


def _files_of(name: str) -> list[Path]:
    try:
        listed = metadata.files(name) or []
    except metadata.PackageNotFoundError:
        return []
    return [Path(str(path.locate())) for path in listed if ".dist-info/" in path.as_posix()]


def write_texts(folder: Path) -> None:
    """Put every licence text into a folder of the program."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(ROOT / "LICENSE", folder / f"{NAME}.txt")
    for name in locked():
        for path in _files_of(name):
            named = _TEXT.search(path.name) or "/licenses/" in path.as_posix()
            if named and path.suffix not in (".json", ".pyc") and path.is_file():
                _copy_text(path, folder / f"{name}-{path.name.removesuffix('.txt')}.txt")
    for path in sorted((PACKAGING / "licences").glob("*.txt")):
        shutil.copyfile(path, folder / path.name)
    for one in inside():
        if "text" in one:
            shutil.copyfile(ROOT / one["text"], folder / Path(one["text"]).name)
    for name in ("LICENSE.txt", "LICENSE"):
        own = Path(json.__file__).parent.parent / name
        if own.exists():
            shutil.copyfile(own, folder / "CPython.txt")


def _copy_text(path: Path, target: Path) -> None:
    """Copy a text as UTF-8, which every editor of today shows; old ones are in Latin 1."""
    raw = path.read_bytes()
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        raw = raw.decode("latin-1").encode("utf-8")
    target.write_bytes(raw)


def faults() -> list[str]:
    """Return what in the lists does not agree with the lock or with the libraries themselves."""
    found = [
        f"{part.name} names no licence" for part in parts() if not part.licence or not part.holder
    ]
    if not LIST.exists() or LIST.read_text("utf-8") != list_text():
        found.append("resources/licences.json is stale: run packaging/bill.py list")
    says = _measured()
    for one in inside():
        told = says.get(one.get("measured", ""), one["version"])
        if told != one["version"]:
            found.append(f"inside.toml says {one['name']} {one['version']}, the library {told}")
    return found


def _measured() -> dict[str, str]:
    """Return the versions that libraries tell of themselves."""
    import sqlcipher3
    from lxml import etree
    from PySide6.QtCore import qVersion
    from sqlcipher3 import _sqlite3

    connection = sqlcipher3.connect(":memory:")
    cipher = connection.execute("PRAGMA cipher_version").fetchone()[0]
    connection.close()
    told = {
        "python": f"{sys.version_info.major}.{sys.version_info.minor}",
        "pyinstaller": metadata.version("pyinstaller"),
        "qt": qVersion(),
        "sqlcipher": cipher.partition(" ")[0],
        "sqlite": sqlcipher3.sqlite_version,
        "libxml2": ".".join(map(str, etree.LIBXML_VERSION)),
        "libxslt": ".".join(map(str, etree.LIBXSLT_VERSION)),
    }
    found = re.search(rb"OpenSSL (\d+\.\d+\.\d+) ", Path(_sqlite3.__file__).read_bytes())
    if found:
        told["openssl of sqlcipher3"] = found[1].decode()
    pdfium = json.loads((_place_of("pypdfium2_raw") / "version.json").read_text("utf-8"))
    told["pdfium"] = f"{pdfium['major']}.{pdfium['minor']}.{pdfium['build']}"
    for path in _libraries():
        told["icu"] = path.name.rpartition(".")[2]
    return told


def _place_of(package: str) -> Path:
    found = util.find_spec(package)
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent


def _libraries() -> list[Path]:
    import PySide6

    place = Path(str(PySide6.__file__)).parent / "Qt" / "lib"
    return [path for path in place.glob("libicuuc.so.*") if path.name.count(".") == 2]


def main(arguments: list[str]) -> int:
    """Do one of the four."""
    task, *rest = arguments
    if task == "list":
        LIST.write_text(list_text(), "utf-8")
    elif task == "bill":
        Path(rest[0]).write_text(json.dumps(bill(), ensure_ascii=False, indent=1) + "\n", "utf-8")
    elif task == "texts":
        write_texts(Path(rest[0]))
    else:
        found = faults()
        print("\n".join(found) or "the lists are in step")
        return 1 if found else 0
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
