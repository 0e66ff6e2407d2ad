"""Out: who acts for a child, and what a person should know of the own account, as contracts."""

from datetime import datetime

from contracts import auth
from services.auth.domain.confirmation import Confirmation
from services.auth.domain.guardianship import Guardianship
from services.auth.domain.ids import JoinRequestId, PersonId
from services.auth.domain.session import Session
from services.chassis.aggregates import Stored


def linked(guardianship: Guardianship) -> auth.LinkedV1:
    """A guardian was added, as the last line of the history tells; all guardians are said."""
    change = guardianship.history[-1]
    return auth.LinkedV1(
        child_id=guardianship.child_id,
        guardians=guardianship.guardians,
        linked_id=change.guardian_id,
        basis=auth.LinkBasis(change.basis.value),
    )


def unlinked(guardianship: Guardianship, person_id: PersonId) -> auth.UnlinkedV1:
    """A guardian was taken off; those who remain are said."""
    return auth.UnlinkedV1(child_id=guardianship.child_id, guardians=guardianship.guardians, unlinked_id=person_id)


def join_asked(guardianship: Guardianship, request_id: JoinRequestId) -> auth.JoinAskedV1:
    """Somebody asks to join; who it is, the topic does not say."""
    return auth.JoinAskedV1(child_id=guardianship.child_id, guardians=guardianship.guardians, request_id=request_id)


def stated(stored: Stored[Guardianship]) -> auth.StatedV1:
    """The guardians as they are."""
    return auth.StatedV1(child_id=stored.state.child_id, guardians=stored.state.guardians)


def confirmation_asked(confirmation: Confirmation) -> auth.ConfirmationAskedV1:
    """A code is to be sent; neither it nor the address is said."""
    return auth.ConfirmationAskedV1(
        person_id=confirmation.person_id,
        confirmation_id=confirmation.confirmation_id,
        channel=auth.Channel(confirmation.channel.value),
        expires_at=confirmation.expires_at,
    )


def signed_in_from_new_place(session: Session) -> auth.SignedInFromNewPlaceV1:
    """A session was opened from where this person had not been seen."""
    return auth.SignedInFromNewPlaceV1(person_id=session.person_id, session_id=session.session_id)


def certificate_expiring(person_id: PersonId, valid_until: datetime) -> auth.CertificateExpiringV1:
    """The login key runs out."""
    return auth.CertificateExpiringV1(person_id=person_id, valid_until=valid_until)
