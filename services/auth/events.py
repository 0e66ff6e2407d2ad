"""Out: who acts for a child, as a contract."""

from contracts import auth
from services.auth.domain.guardianship import Guardianship
from services.chassis.aggregates import Stored


def linked(guardianship: Guardianship) -> auth.LinkedV1:
    """A guardian was added; all guardians are said."""
    return auth.LinkedV1(child_id=guardianship.child_id, guardians=guardianship.guardians)


def stated(stored: Stored[Guardianship]) -> auth.StatedV1:
    """The guardians as they are."""
    return auth.StatedV1(child_id=stored.state.child_id, guardians=stored.state.guardians)
