"""A disk that loses what was not synced: the notes of a run are played to it, then it is cut.

What was written and not synced is kept, lost, or kept in part by sectors of 512 bytes, each write
by itself, so order counts for nothing between two syncs. Model A is a journalled file system: of
unsynced changes to folders a first part survives, and syncing any file settles all of them. Model
B promises only what the standard does: any of them may survive, and only a folder's sync settles
them, or the sync of a new file its own name.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from tests.faults.tracing import Note

Model = Literal["A", "B"]
_SECTOR: Final = 512


@dataclass(eq=False)
class Content:
    """The content of one file: what is safe, and what was asked for since the last sync."""

    safe: bytearray = field(default_factory=bytearray)
    waiting: list[Note] = field(default_factory=list)


@dataclass(frozen=True)
class Entry:
    """One change to a folder: a name made, moved or taken away; a folder moves without content."""

    kind: str
    name: str
    to: str = ""
    content: Content | None = None

    def apply(self, names: dict[str, Content]) -> None:
        """Change names as the folder would be changed."""
        if self.kind == "U":
            names.pop(self.name, None)
        elif self.kind == "R" and self.content is None:
            for name in [name for name in names if name.startswith(f"{self.name}/")]:
                names[self.to + name.removeprefix(self.name)] = names.pop(name)
        elif self.content is not None:
            names.pop(self.name, None)
            names[self.to or self.name] = self.content


def _applied(note: Note, content: bytearray) -> None:
    if note.kind == "T":
        if len(content) > note.offset:
            del content[note.offset :]
        else:
            content.extend(bytes(note.offset - len(content)))
        return
    if len(content) < note.offset:
        content.extend(bytes(note.offset - len(content)))
    content[note.offset : note.offset + len(note.data)] = note.data


class Disk:
    """Files and their names, each in a safe and in a present state."""

    def __init__(self, files: Mapping[str, bytes], model: Model) -> None:
        self._model = model
        self._safe_names = {name: Content(bytearray(data)) for name, data in files.items()}
        self._names = dict(self._safe_names)
        self._waiting: list[Entry] = []

    @classmethod
    def of(cls, folder: Path, model: Model) -> Disk:
        """Return a disk that holds what lies in a folder, all of it safe."""
        files = {
            str(path.relative_to(folder)): path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file()
        }
        return cls(files, model)

    def play(self, note: Note) -> None:
        """Do what the program did."""
        if note.kind == "C":
            content = Content()
            self._names[note.name] = content
            self._waiting.append(Entry("C", note.name, content=content))
        elif note.kind == "U":
            self._names.pop(note.name, None)
            self._waiting.append(Entry("U", note.name))
        elif note.kind == "R":
            before, _, after = note.name.partition("\n")
            entry = Entry("R", before, after, self._names.get(before))
            entry.apply(self._names)
            self._waiting.append(entry)
        elif note.kind in "WT":
            if note.name in self._names:
                self._names[note.name].waiting.append(note)
        elif note.kind == "F":
            self._sync_file(note.name)
        elif note.kind == "D":
            self._settle(self._waiting)
            self._waiting = []

    def _sync_file(self, name: str) -> None:
        content = self._names.get(name)
        if content is None:
            return
        for note in content.waiting:
            _applied(note, content.safe)
        content.waiting = []
        if self._model == "A":
            self._settle(self._waiting)
            self._waiting = []
            return
        own = [e for e in self._waiting if e.kind == "C" and e.content is content]
        self._settle(own)
        self._waiting = [entry for entry in self._waiting if entry not in own]

    def _settle(self, entries: list[Entry]) -> None:
        for entry in entries:
            entry.apply(self._safe_names)

    def cut(self, chance: random.Random) -> dict[str, bytes]:
        """Return what is found after the power came back; the disk itself goes on."""
        names = dict(self._safe_names)
        if self._model == "A":
            survived = self._waiting[: chance.randint(0, len(self._waiting))]
        else:
            survived = [entry for entry in self._waiting if chance.random() < 0.5]
        for entry in survived:
            entry.apply(names)
        kept = chance.choice(("all", "none", "some", "some"))
        return {name: _found(content, kept, chance) for name, content in names.items()}


def _found(content: Content, kept: str, chance: random.Random) -> bytes:
    found = bytearray(content.safe)
    for note in content.waiting:
        luck = {"all": 0.0, "none": 1.0}.get(kept, chance.random())
        if luck < 0.4:
            _applied(note, found)
        elif luck < 0.7 and note.kind == "W":
            for place in range(0, len(note.data), _SECTOR):
                if chance.random() < 0.5:
                    part = note.data[place : place + _SECTOR]
                    _applied(Note("W", note.name, note.offset + place, part), found)
    return bytes(found)


def laid_out(files: Mapping[str, bytes], folder: Path) -> None:
    """Write what was found after a cut into a folder, in place of what is there."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.rglob("*"):
        if path.is_file() and str(path.relative_to(folder)) not in files:
            path.unlink()
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
