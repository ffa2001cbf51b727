"""Opening a complete export without any vault: tables to look through, papers to save."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from shelter_app.domain.access import COMPARTMENTS
from shelter_app.errors import DocumentUnreadable, NotPossible
from shelter_app.i18n import N_, _
from shelter_app.services import folders
from shelter_app.services.audit_notes import COMPARTMENT_NAMES
from shelter_app.storage import export_file
from shelter_app.storage.safe_files import write_whole

_TABLES: Final = "tables/"
_TABLE: Final = re.compile(r"[a-z_]{1,60}")
_PAPER: Final = re.compile(r"files/[a-z_]{1,60}/[0-9A-Za-z_-]{1,100}\.[a-z]{1,8}")
"""Names become names of files: an export made by somebody else must not lead out of the folder."""


@dataclass(frozen=True)
class Table:
    """One table, all of it in memory."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def count(self) -> int:
        """Return how many rows it has."""
        return len(self.rows)

    def matching(self, typed: str) -> list[int]:
        """Return the places of rows that contain all the words typed."""
        words = typed.casefold().split()
        return [
            place
            for place, row in enumerate(self.rows)
            if all(any(word in cell.casefold() for cell in row) for word in words)
        ]


@dataclass(frozen=True)
class Export:
    """An opened export; papers are read from the file again when they are saved."""

    folder: Path
    made_at: str
    readme: str
    tables: tuple[Table, ...]
    papers: tuple[str, ...]
    identity: Any = field(repr=False)
    closed: tuple[str, ...] = ()
    """Parts of the house that are not in it."""


def folder_of(path: Path) -> Path:
    """Return the folder of an export, whichever of its files was named."""
    return path if path.is_dir() else path.parent


def left_out(closed: Sequence[str]) -> str:
    """Return which parts are not in an export, in the language in use."""
    parts = ", ".join(_(COMPARTMENT_NAMES[name]).lower() for name in closed)
    return _("Not in this file: {parts}").format(parts=parts)


def looks_like_export(path: Path) -> bool:
    """Say whether a folder holds the two files of an export."""
    folder = folder_of(path)
    return (folder / export_file.KEY).exists() and (folder / export_file.BODY).exists()


def open_export(path: Path, phrase: str, step: export_file.Step | None = None) -> Export:
    """Read an export whole, checking every file against the manifest.

    WrongPassphrase for another phrase; DocumentUnreadable when anything is damaged or missing.
    """
    folder = folder_of(path)
    if not looks_like_export(folder):
        raise NotPossible(N_("There is no export in this folder."))
    return read_export(folder, export_file.unlocked(folder, phrase), step)


def read_export(folder: Path, identity: Any, step: export_file.Step | None = None) -> Export:
    """Read an export with its key; with a `step` from the medium itself, telling how far it is."""
    found = _read(folder, identity, step)
    manifest = _manifest(found)
    titles = {}
    try:
        for said in manifest["files"]:
            name = said["name"]
            if name not in found.sums or found.sums[name] != said["sha256"]:
                raise DocumentUnreadable("manifest")
            if "table" in said:
                if not _TABLE.fullmatch(said["table"]):
                    raise DocumentUnreadable("manifest")
                titles[name] = (str(said["table"]), str(said["title"]), found.texts[name])
    except (KeyError, TypeError) as error:
        raise DocumentUnreadable("manifest") from error
    tables = [_table(*told) for told in titles.values()]
    return Export(
        folder,
        str(manifest["made_at"]),
        found.texts.get("README.md", b"").decode("utf-8", "replace"),
        tuple(tables),
        tuple(name for name in found.sums if _PAPER.fullmatch(name)),
        identity,
        _closed(manifest),
    )


def _closed(manifest: dict[str, Any]) -> tuple[str, ...]:
    held = manifest.get("compartments")
    return tuple(sorted(set(COMPARTMENTS) - set(map(str, held)))) if held else ()


@dataclass
class _Found:
    sums: dict[str, str] = field(default_factory=dict)
    texts: dict[str, bytes] = field(default_factory=dict)


def _read(folder: Path, identity: Any, step: export_file.Step | None) -> _Found:
    found = _Found()
    for name, content in export_file.members(folder, identity, step):
        found.sums[name] = hashlib.sha256(content).hexdigest()
        is_table = name.startswith(_TABLES) and name.endswith(".json")
        if is_table or name in ("README.md", export_file.MANIFEST):
            found.texts[name] = content
    return found


def _manifest(found: _Found) -> dict[str, Any]:
    try:
        manifest = json.loads(found.texts[export_file.MANIFEST])
        if manifest["format"] != "makao-export" or manifest["version"] != 1:
            raise NotPossible(N_("This export was made by a newer version of the program."))
        if not isinstance(manifest["files"], list) or "made_at" not in manifest:
            raise DocumentUnreadable("manifest")
    except (KeyError, ValueError, TypeError, RecursionError) as error:
        raise DocumentUnreadable("manifest") from error
    return dict(manifest)


def _table(name: str, title: str, text: bytes) -> Table:
    try:
        raw = json.loads(text)
        columns = tuple(str(each) for each in raw["columns"])
        rows = tuple(tuple(_shown(value) for value in row) for row in raw["rows"])
    except (KeyError, ValueError, TypeError, RecursionError) as error:
        raise DocumentUnreadable("table") from error
    return Table(name, title, columns, rows)


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    return str(value)


def save_paper(export: Export, name: str, folder: Path) -> Path:
    """Write one paper in plain into a folder."""
    return save_papers(export, (name,), folder)[0]


def save_papers(export: Export, names: Sequence[str], folder: Path) -> list[Path]:
    """Write papers in plain into a folder, under their last names."""
    folders.require(folder)
    wanted = set(names)
    saved = []
    for name, content in export_file.members(export.folder, export.identity):
        if name in wanted:
            path = _free(folder, Path(name))
            write_whole(path, content)
            saved.append(path)
    if len(saved) != len(wanted):
        raise DocumentUnreadable("paper")
    return saved


def save_table(table: Table, folder: Path) -> Path:
    """Write one table in plain as CSV into a folder."""
    from shelter_app.services import csv_files

    folders.require(folder)
    path = _free(folder, Path(f"{table.name}.csv"))
    write_whole(path, csv_files.content(table.columns, table.rows))
    return path


def _free(folder: Path, wanted: Path) -> Path:
    """Return where a file is saved: under its own name, or a number where that is taken."""
    path = folder / wanted.name
    if not path.exists():
        return path
    return folder / f"{folders.free_stem(folder, wanted.stem, wanted.suffix)}{wanted.suffix}"
