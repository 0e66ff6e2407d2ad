"""Who looked at a child's record, told so that a parent understands: which body, which role."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from services.auth.domain.access_log import Entry
from services.auth.domain.duties import OF_AN_ORGANISATION, Duties, Role
from services.auth.domain.ids import OrganisationId, PersonId
from services.auth.store import Reading

_SERVICE = "service:"


class Body(StrEnum):
    """Whose eyes they were."""

    FAMILY = "family"
    DEPARTMENT = "department"
    PRESCHOOL = "preschool"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Looked:
    """One look. `reader` is you, guardian, staff or service; role and organisation are those of that moment."""

    entry: Entry
    reader: str
    body: Body
    role: Role | None = None
    organisation_id: OrganisationId | None = None


async def explained(
    reading: Reading, entries: Sequence[Entry], person_id: PersonId, guardians: frozenset[PersonId]
) -> list[Looked]:
    """The entries as told to a guardian; ids and names of others are not told.

    `guardians` are all there ever were: a former one is no member of the staff.
    """
    others = {entry.reader_id for entry in entries} - guardians
    found = await reading.duties.find({"_id": {"$in": sorted(others)}}, limit=len(others) or 1)
    staff = {each.state.person_id: each.state for each in found}
    return [_looked(entry, person_id, guardians, staff.get(entry.reader_id)) for entry in entries]


def _looked(entry: Entry, person_id: PersonId, guardians: frozenset[PersonId], duties: Duties | None) -> Looked:
    if entry.reader_id == person_id:
        return Looked(entry, "you", Body.FAMILY)
    if entry.reader_id.startswith(_SERVICE):
        return Looked(entry, "service", Body.SYSTEM)
    if entry.reader_id in guardians:
        return Looked(entry, "guardian", Body.FAMILY)
    roles = duties.held_at(entry.at) if duties else ()
    role = roles[0] if roles else None
    if role in OF_AN_ORGANISATION and duties is not None:
        return Looked(entry, "staff", Body.PRESCHOOL, role, duties.organisation_at(entry.at))
    return Looked(entry, "staff", Body.DEPARTMENT, role)
