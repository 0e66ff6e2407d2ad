"""Sealing what names a person: AES-256-GCM, the key by reference, bound to the one document it stands in."""

import base64
import hashlib
import hmac
import os
from collections.abc import Mapping
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.auth.domain.iin import Iin
from services.auth.domain.person import Sealed

_NONCE_BYTES = 12
_UUID_BYTES = 16


class SealBroken(Exception):
    """The content was changed, stands in another document than it was sealed for, or its key is gone."""


class Sealing:
    """Seals with the newest key, opens with any."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        self._keys = {key_id: AESGCM(key) for key_id, key in keys.items()}
        self._newest = max(keys)

    @property
    def newest(self) -> str:
        """The id of the key that seals."""
        return self._newest

    def seal(self, content: bytes, belongs_to: str) -> Sealed:
        """`belongs_to` is the id of the document; the content opens nowhere else."""
        nonce = os.urandom(_NONCE_BYTES)
        box = nonce + self._keys[self._newest].encrypt(nonce, content, belongs_to.encode())
        return Sealed(self._newest, base64.b64encode(box).decode())

    def open(self, sealed: Sealed, belongs_to: str) -> bytes:
        """Raises SealBroken."""
        key = self._keys.get(sealed.key_id)
        if key is None:
            raise SealBroken(f"the key {sealed.key_id} is not among the keys")
        box = base64.b64decode(sealed.box)
        try:
            return key.decrypt(box[:_NONCE_BYTES], box[_NONCE_BYTES:], belongs_to.encode())
        except InvalidTag:
            raise SealBroken("the content does not belong here") from None


class LookUp:
    """Finds by IIN, or by network address, without storing it. Keyed, because all there are could be tried in minutes."""

    def __init__(self, pepper: bytes) -> None:
        self._pepper = pepper

    def of(self, iin: Iin) -> str:
        """The digest a person is found by."""
        return self._mac(iin).hexdigest()

    def nobody(self, iin: Iin) -> str:
        """An id for a number nobody has; it looks as random as a person's id."""
        return str(UUID(bytes=self._mac(f"nobody/{iin}").digest()[:_UUID_BYTES], version=4))

    def asker(self, address: str) -> str:
        """The digest a network address is counted by; the address itself is not stored either."""
        return self._mac(f"asker/{address}").hexdigest()

    def _mac(self, text: str) -> hmac.HMAC:
        return hmac.new(self._pepper, text.encode(), hashlib.sha256)
