"""Records whose content is encrypted at rest: AES-256-GCM, the key by reference, the record's id as associated data.

A box copied under another id does not open, and one written with a key of earlier times still does.
"""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.chassis.records import Records

NONCE_BYTES = 12


class SealBroken(RuntimeError):
    """A sealed record does not open: another key, another id, or changed content."""


class KeyMissing(RuntimeError):
    """The key file is absent or is not a key."""


class KeyRing:
    """The current key and those before it, each known by a short digest of itself."""

    def __init__(self, current: bytes, *former: bytes) -> None:
        self._keys = {_name(key): AESGCM(key) for key in (current, *former)}
        self._current = _name(current)

    def close(self, id: str, content: bytes) -> tuple[str, bytes]:
        """The name of the key used, and the box."""
        nonce = os.urandom(NONCE_BYTES)
        return self._current, nonce + self._keys[self._current].encrypt(nonce, content, id.encode())

    def open(self, id: str, key: str, box: bytes) -> bytes:
        """The content; SealBroken."""
        try:
            return self._keys[key].decrypt(box[:NONCE_BYTES], box[NONCE_BYTES:], id.encode())
        except (KeyError, InvalidTag) as error:
            raise SealBroken(id) from error


def read_keys(folder: Path) -> KeyRing:
    """`documents.key` and any `documents.*.key`; KeyMissing says which file is wrong."""
    return KeyRing(_key(folder / "documents.key"), *(_key(path) for path in sorted(folder.glob("documents.*.key"))))


def _key(path: Path) -> bytes:
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except (OSError, ValueError) as error:
        raise KeyMissing(f"the key file {path.name} is missing or holds no hexadecimal digits") from error
    if len(key) != 32:
        raise KeyMissing(f"the key file {path.name} must hold 64 hexadecimal digits")
    return key


def _name(key: bytes) -> str:
    return hashlib.sha256(b"zholdama key name" + key).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Opened:
    """A record with its content in the clear; `fields` are what stands beside the box."""

    content: bytes
    fields: Mapping[str, Any]

    @property
    def sha256(self) -> str:
        """Of the content."""
        return hashlib.sha256(self.content).hexdigest()


class SealedReads:
    """Sealed records for whoever only asks."""

    def __init__(self, records: Records, keys: KeyRing) -> None:
        self._records = records
        self._keys = keys

    async def get(self, id: str) -> Opened | None:
        """The record opened, or None."""
        document = await self._records.get(id)
        if document is None:
            return None
        content = self._keys.open(id, document["key"], bytes(document["box"]))
        return Opened(content, {name: value for name, value in document.items() if name not in {"_id", "key", "box"}})


class SealedRecords(SealedReads):
    """Records that are written once; the first content kept under an id stays."""

    async def keep(self, id: str, content: bytes, fields: Mapping[str, Any]) -> Opened:
        """Keep the content, or return what is already kept under this id."""
        key, box = self._keys.close(id, content)
        if await self._records.add(id, dict(fields) | {"key": key, "box": box}):
            return Opened(content, fields)
        kept = await self.get(id)
        if kept is None:
            raise SealBroken(id)
        return kept
