"""Sealing what names a person: AES-256-GCM, the key by reference, bound to the one document it stands in."""

import base64
import hashlib
import hmac
import os
from collections.abc import Mapping
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.auth.domain.ids import PersonId
from services.auth.domain.iin import Iin
from services.auth.domain.person import SUBJECTS_KEY, Sealed
from services.auth.domain.surname import FoldedSurname

_NONCE_BYTES = 12
_UUID_BYTES = 16
_KEY_BYTES = 32
_CODES = 10**6


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
        return Sealed(self._newest, _encrypted(self._keys[self._newest], content, belongs_to))

    def open(self, sealed: Sealed, belongs_to: str) -> bytes:
        """Raises SealBroken."""
        key = self._keys.get(sealed.key_id)
        if key is None:
            raise SealBroken(f"the key {sealed.key_id} is not among the keys")
        return _decrypted(key, sealed.box, belongs_to)

    def new_key(self, person_id: PersonId) -> Sealed:
        """A person's own key, sealed for that person's record."""
        return self.seal(os.urandom(_KEY_BYTES), _key_of(person_id))

    def rewrapped(self, key: Sealed, person_id: PersonId) -> Sealed:
        """The same key of a person, sealed with the newest key; raises SealBroken."""
        return self.seal(self.open(key, _key_of(person_id)), _key_of(person_id))

    def with_key(self, key: Sealed, person_id: PersonId) -> "SubjectSealing":
        """What seals with a person's own key; raises SealBroken."""
        return SubjectSealing(self.open(key, _key_of(person_id)))


class SubjectSealing:
    """Seals with one person's own key, and opens what was sealed with it."""

    def __init__(self, key: bytes) -> None:
        self._key = AESGCM(key)

    def seal(self, content: bytes, belongs_to: str) -> Sealed:
        """As `Sealing.seal`."""
        return Sealed(SUBJECTS_KEY, _encrypted(self._key, content, belongs_to))

    def open(self, sealed: Sealed, belongs_to: str) -> bytes:
        """Raises SealBroken."""
        return _decrypted(self._key, sealed.box, belongs_to)


class LookUp:
    """Recognises a number, an address or a code without storing it. Keyed, because all there are could be tried in minutes."""

    def __init__(self, pepper: bytes) -> None:
        self._pepper = pepper

    def of(self, iin: Iin) -> str:
        """The digest a person is found by."""
        return self._mac(iin).hexdigest()

    def surname(self, surname: FoldedSurname) -> str:
        """The digest persons of a surname are found by."""
        return self._mac(f"surname/{surname}").hexdigest()

    def nobody(self, iin: Iin) -> str:
        """An id for a number nobody has; it looks as random as a person's id."""
        return str(UUID(bytes=self._mac(f"nobody/{iin}").digest()[:_UUID_BYTES], version=4))

    def asker(self, address: str) -> str:
        """The digest a network address is counted by; the address itself is not stored either."""
        return self._mac(f"asker/{address}").hexdigest()

    def contact(self, person_id: str, address: str) -> str:
        """The digest a person's own address is recognised by; another person's same address has another one."""
        return self._mac(f"contact/{person_id}/{address}").hexdigest()

    def familiar(self, person_id: str, place: str) -> str:
        """The digest a person's own browser or network is recognised by."""
        return self._mac(f"familiar/{person_id}/{place}").hexdigest()

    def six_digits(self, confirmation_id: str) -> str:
        """The code of a confirmation: always the same one, and nothing that is stored tells it without the key."""
        return f"{int.from_bytes(self._mac(f'code/{confirmation_id}').digest()) % _CODES:06d}"

    def _mac(self, text: str) -> hmac.HMAC:
        return hmac.new(self._pepper, text.encode(), hashlib.sha256)


def _key_of(person_id: PersonId) -> str:
    return f"keys/{person_id}"


def _encrypted(key: AESGCM, content: bytes, belongs_to: str) -> str:
    nonce = os.urandom(_NONCE_BYTES)
    return base64.b64encode(nonce + key.encrypt(nonce, content, belongs_to.encode())).decode()


def _decrypted(key: AESGCM, box: str, belongs_to: str) -> bytes:
    octets = base64.b64decode(box)
    try:
        return key.decrypt(octets[:_NONCE_BYTES], octets[_NONCE_BYTES:], belongs_to.encode())
    except (InvalidTag, ValueError):
        raise SealBroken("the content does not belong here") from None
