"""Every page of an encrypted file in plain, free pages included: what a thief with the key reads.

Independent of the program and of the engine: AES-256-CBC per page, IV and check in the last 80
bytes, the salt in the first 16 of the file.
"""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

PAGE = 4096
RESERVE = 80
SALT = 16


def plain_bytes(path: Path, key: bytes) -> bytes:
    """Return the decrypted content of all pages in the order of the file."""
    raw = path.read_bytes()
    parts = []
    for number in range(len(raw) // PAGE):
        page = raw[number * PAGE : (number + 1) * PAGE]
        start = SALT if number == 0 else 0
        vector = page[PAGE - RESERVE : PAGE - RESERVE + 16]
        opened = Cipher(AES(key), CBC(vector)).decryptor()
        parts.append(opened.update(page[start : PAGE - RESERVE]) + opened.finalize())
    return b"".join(parts)
