"""Who may act for a child. All guardians have equal rights (R5)."""

from dataclasses import dataclass, replace

from services.auth.domain.ids import ChildId, PersonId
from services.auth.domain.refusals import NotAGuardian


@dataclass(frozen=True, slots=True)
class Guardianship:
    """All guardians of one child, in the order they were linked."""

    child_id: ChildId
    guardians: tuple[PersonId, ...] = ()


def linked(guardianship: Guardianship, person_id: PersonId) -> Guardianship:
    """With this person among the guardians; the same value when already linked."""
    if person_id in guardianship.guardians:
        return guardianship
    return replace(guardianship, guardians=(*guardianship.guardians, person_id))


def ensure_guardian(guardianship: Guardianship | None, person_id: PersonId) -> None:
    """Raises NotAGuardian, also for a child nobody knows: the two must not be told apart from outside."""
    if guardianship is None or person_id not in guardianship.guardians:
        raise NotAGuardian
