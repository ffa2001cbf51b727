"""Keep the catalogue of translated texts: extract, update, check, compile.

`compile` needs only the standard library, because the program's own environment has no Babel.
"""

from __future__ import annotations

import ast
import re
import struct
import sys
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "resources" / "locale"
TEMPLATE = LOCALE / "makao.pot"
LANGUAGES = ("sw",)
PLURALS = {"sw": "nplurals=2; plural=(n != 1);"}
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2)}
PLACEHOLDER = re.compile(r"\{[^{}]*\}")


@dataclass
class Entry:
    """One text of a .po file with its translations; the header is the entry without a text."""

    text: str = ""
    plural: str | None = None
    translations: dict[int, str] = field(default_factory=dict)
    fuzzy: bool = False

    @property
    def translated(self) -> bool:
        """Tell whether every form has been filled in."""
        forms = 2 if self.plural is not None else 1
        return sum(1 for form in self.translations.values() if form) >= forms


def read_entries(path: Path) -> list[Entry]:
    """Read a .po or .pot file."""
    entries: list[Entry] = []
    entry, target, fuzzy = Entry(), "", False
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("#,"):
            fuzzy = "fuzzy" in line
        elif line.startswith("msgid "):
            entry, target = Entry(fuzzy=fuzzy), "text"
            entries.append(entry)
            fuzzy = False
        elif line.startswith("msgid_plural "):
            target, entry.plural = "plural", ""
        elif line.startswith("msgstr"):
            form = re.match(r"msgstr(?:\[(\d+)\])? ", line)
            target = (form and form[1]) or "0"
            entry.translations[int(target)] = ""
        quoted = line.find('"')
        if quoted < 0 or line.startswith("#"):
            continue
        piece = str(ast.literal_eval(line[quoted:]))
        if target == "text":
            entry.text += piece
        elif target == "plural":
            entry.plural = (entry.plural or "") + piece
        else:
            entry.translations[int(target)] += piece
    return entries


def compile_file(source: Path) -> None:
    """Write the binary form that gettext reads, with the finished translations only."""
    texts: dict[bytes, bytes] = {}
    for entry in read_entries(source):
        if entry.fuzzy or not entry.translated:
            continue
        key = entry.text if entry.plural is None else f"{entry.text}\0{entry.plural}"
        forms = [entry.translations[number] for number in sorted(entry.translations)]
        texts[key.encode()] = "\0".join(forms).encode()
    keys = sorted(texts)
    start = 28 + 16 * len(keys)
    key_table, text_table, blob = b"", b"", b""
    for word in keys:
        key_table += struct.pack("<II", len(word), start + len(blob))
        blob += word + b"\0"
    for word in keys:
        text_table += struct.pack("<II", len(texts[word]), start + len(blob))
        blob += texts[word] + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, len(keys), 28, 28 + 8 * len(keys), 0, start)
    fresh = source.with_suffix(".mo.part")
    fresh.write_bytes(head + key_table + text_table + blob)
    fresh.replace(source.with_suffix(".mo"))


def translation(language: str) -> Path:
    """Return where the translation into this language lives."""
    return LOCALE / language / "LC_MESSAGES" / "makao.po"


def compile_all() -> int:
    """Compile every translation."""
    for source in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
        compile_file(source)
    return 0


def template_text() -> str:
    """Extract every marked text of the program as the content of the template."""
    from io import BytesIO

    from babel.messages.catalog import Catalog
    from babel.messages.extract import extract_from_dir
    from babel.messages.pofile import write_po

    catalogue = Catalog(project="Makao", version="", charset="utf-8", fuzzy=False)
    for folder in ("shelter_app", "ui"):
        found = extract_from_dir(
            ROOT / folder, [("**.py", "python")], keywords=KEYWORDS, comment_tags=("Translators:",)
        )
        for name, _line, text, comments, context in found:
            places = [(f"{folder}/{name}", 0)]
            catalogue.add(text, locations=places, auto_comments=comments, context=context)
    out = BytesIO()
    write_po(out, catalogue, width=98, sort_by_file=True, include_lineno=False, omit_header=True)
    head = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    return head + out.getvalue().decode()


def update() -> int:
    """Write the template anew, carry it into every translation, and compile them."""
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import read_po, write_po

    LOCALE.mkdir(exist_ok=True)
    TEMPLATE.write_text(template_text(), "utf-8")
    for language in LANGUAGES:
        path = translation(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        with TEMPLATE.open("rb") as opened:
            template = read_po(opened)
        catalogue = Catalog(locale=language)
        if path.exists():
            with path.open("rb") as opened:
                catalogue = read_po(opened, locale=language)
        catalogue.update(template, no_fuzzy_matching=True, update_header_comment=False)
        catalogue.obsolete.clear()
        head = (
            'msgid ""\nmsgstr ""\n'
            f'"Language: {language}\\n"\n'
            '"MIME-Version: 1.0\\n"\n'
            '"Content-Type: text/plain; charset=UTF-8\\n"\n'
            '"Content-Transfer-Encoding: 8bit\\n"\n'
            f'"Plural-Forms: {PLURALS[language]}\\n"\n\n'
        )
        with path.open("wb") as opened:
            opened.write(head.encode())
            write_po(
                opened,
                catalogue,
                width=98,
                sort_by_file=True,
                include_lineno=False,
                omit_header=True,
            )
        left = sum(1 for entry in read_entries(path) if entry.text and not entry.translated)
        print(f"{path.relative_to(ROOT)}: {left} texts left to translate")
    return compile_all()


def faults_of(path: Path) -> list[str]:
    """Return what is wrong with one translation."""
    found = []
    for entry in read_entries(path)[1:]:
        sources = set(PLACEHOLDER.findall(entry.text))
        sources |= set(PLACEHOLDER.findall(entry.plural or ""))
        short = entry.text[:60]
        if entry.fuzzy:
            found.append(f"unsure: {short!r}")
        elif not entry.translated:
            found.append(f"not translated: {short!r}")
        for form in entry.translations.values():
            strange = set(PLACEHOLDER.findall(form)) ^ sources
            if form and strange and (entry.plural is None or not strange <= sources):
                found.append(f"placeholders differ {sorted(strange)}: {short!r}")
    return found


def check() -> int:
    """Fail when the template is stale or a translation is unfinished or would not fit."""
    faults = []
    if not TEMPLATE.exists() or TEMPLATE.read_text("utf-8") != template_text():
        faults.append("the template is stale; run ./dev strings")
    for language in LANGUAGES:
        path = translation(language)
        if not path.exists():
            faults.append(f"there is no translation into {language!r}; run ./dev strings")
            continue
        known = {(entry.text, entry.plural) for entry in read_entries(path)}
        asked = {(entry.text, entry.plural) for entry in read_entries(TEMPLATE)}
        if asked - known:
            faults.append(f"{language}: {len(asked - known)} new texts; run ./dev strings")
        faults += [f"{language}: {fault}" for fault in faults_of(path)]
    for fault in faults[:40]:
        print(fault)
    if len(faults) > 40:
        print(f"and {len(faults) - 40} more")
    return 1 if faults else 0


if __name__ == "__main__":
    tasks = {"compile": compile_all, "update": update, "check": check}
    sys.exit(tasks[sys.argv[1]]())
