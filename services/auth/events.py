"""Out: who acts for a child, as a contract."""

from contracts import auth
from services.auth.domain.guardianship import Guardianship
from services.auth.domain.ids import JoinRequestId, PersonId
from services.chassis.aggregates import Stored


def linked(guardianship: Guardianship) -> auth.LinkedV1:
    """A guardian was added; all guardians are said."""
    return auth.LinkedV1(child_id=guardianship.child_id, guardians=guardianship.guardians)


def unlinked(guardianship: Guardianship, person_id: PersonId) -> auth.UnlinkedV1:
    """A guardian was taken off; those who remain are said."""
    return auth.UnlinkedV1(child_id=guardianship.child_id, guardians=guardianship.guardians, unlinked_id=person_id)


def join_asked(guardianship: Guardianship, request_id: JoinRequestId) -> auth.JoinAskedV1:
    """Somebody asks to join; who it is, the topic does not say."""
    return auth.JoinAskedV1(child_id=guardianship.child_id, guardians=guardianship.guardians, request_id=request_id)


def stated(stored: Stored[Guardianship]) -> auth.StatedV1:
    """The guardians as they are."""
    return auth.StatedV1(child_id=stored.state.child_id, guardians=stored.state.guardians)
