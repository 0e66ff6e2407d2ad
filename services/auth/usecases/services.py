"""Other services: recognised by a secret, given a token, told the cards of persons where a document is made."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass

from services.auth.domain.ids import PersonId
from services.auth.domain.person import Identity
from services.auth.domain.refusals import ServiceUnknown
from services.auth.store import Reading


@dataclass(frozen=True, slots=True)
class Card:
    """A person as written into a document."""

    person_id: PersonId
    identity: Identity


def ensure_service(digests: Mapping[str, str], name: str, secret: str) -> None:
    """Raises ServiceUnknown, the same for a wrong name and a wrong secret."""
    given = hashlib.sha256(secret.encode()).hexdigest()
    if not hmac.compare_digest(digests.get(name, "").lower(), given):
        raise ServiceUnknown


async def cards(reading: Reading, person_ids: list[PersonId]) -> list[Card]:
    """The persons that exist, in the order asked for; of those who were erased nothing but that."""
    by_id = {stored.id: stored.state for stored in await reading.vault.by_ids(person_ids)}
    known = [by_id[person_id] for person_id in person_ids if person_id in by_id]
    return [Card(person.person_id, reading.vault.card(person)) for person in known]
