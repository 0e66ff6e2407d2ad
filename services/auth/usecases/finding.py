"""Staff look for a person by number or by surname; everybody found is a record that was read."""

from dataclasses import dataclass

from services.auth.domain.ids import PersonId
from services.auth.domain.iin import Iin
from services.auth.domain.surname import FoldedSurname
from services.auth.store import Reading
from services.auth.usecases.services import Card

PAGE = 20


@dataclass(frozen=True, slots=True)
class Found:
    """One page. `more`: persons of the same surname follow after the last one."""

    cards: list[Card]
    more: bool = False


async def by_iin(reading: Reading, iin: Iin) -> Found:
    """The person of this number, if known."""
    found = await reading.vault.by_iin(iin)
    return Found([Card(found.state.person_id, reading.vault.identity(found.state))] if found else [])


async def by_surname(reading: Reading, surname: FoldedSurname, beyond: PersonId) -> Found:
    """Persons of this surname, from the one after `beyond` on; nobody who was erased is among them."""
    found = await reading.vault.by_surname(surname, beyond, limit=PAGE + 1)
    page = [Card(each.state.person_id, reading.vault.identity(each.state)) for each in found[:PAGE]]
    return Found(page, more=len(found) > PAGE)
