"""What a family is told of its papers, appeals and guardians, and a person of the own account: soon or not at all."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from services.notify.domain.message import ChildId, Kind, Message, MessageId, PersonId, message_id

JOINING_IS_NEWS_FOR = timedelta(days=7)
"""Somebody waits for an answer; after so long the question is still in the cabinet and no news."""
CONCLUSION_IS_NEWS_FOR = timedelta(days=14)
ANSWER_IS_NEWS_FOR = timedelta(days=14)
LINK_IS_NEWS_FOR = timedelta(days=3)
LOGIN_IS_NEWS_FOR = timedelta(days=1)


def conclusion_expiring(
    *, story: str, application_id: str, child_id: str, said_at: datetime, at: datetime
) -> tuple[MessageId, Message]:
    """The conclusion that the application rests on runs out soon; without a new one there is no invitation (R10).

    `story` names this one warning of the application: the last day itself is not said outside queue.
    """
    return message_id(Kind.CONCLUSION_EXPIRING, story), Message(
        kind=Kind.CONCLUSION_EXPIRING,
        child_id=ChildId(child_id),
        application_id=application_id,
        created_at=at,
        true_until=said_at + CONCLUSION_IS_NEWS_FOR,
    )


def appeal_answered(
    *, appeal_id: str, application_id: str, child_id: str, granted: bool, said_at: datetime, at: datetime
) -> tuple[MessageId, Message]:
    """An appeal of the family was decided (R49); the words of the answer stand in the cabinet alone."""
    return message_id(Kind.APPEAL_ANSWERED, appeal_id), Message(
        kind=Kind.APPEAL_ANSWERED,
        child_id=ChildId(child_id),
        application_id=application_id,
        granted=granted,
        created_at=at,
        true_until=said_at + ANSWER_IS_NEWS_FOR,
    )


def join_asked(
    *, request_id: str, child_id: str, guardians: Sequence[str], said_at: datetime, at: datetime
) -> tuple[MessageId, Message]:
    """Somebody asks to be a guardian too; those who are guardians now are to answer (R5)."""
    return message_id(Kind.JOIN_ASKED, request_id), Message(
        kind=Kind.JOIN_ASKED,
        child_id=ChildId(child_id),
        to=_persons(guardians),
        created_at=at,
        true_until=said_at + JOINING_IS_NEWS_FOR,
    )


def guardian_linked(
    *, story: str, child_id: str, guardians: Sequence[str], said_at: datetime, at: datetime
) -> tuple[MessageId, Message]:
    """One more guardian; the new one is told with the others. `story` names this one change of the guardians."""
    return message_id(Kind.GUARDIAN_LINKED, story), Message(
        kind=Kind.GUARDIAN_LINKED,
        child_id=ChildId(child_id),
        to=_persons(guardians),
        created_at=at,
        true_until=said_at + LINK_IS_NEWS_FOR,
    )


def guardian_unlinked(
    *, story: str, child_id: str, guardians: Sequence[str], unlinked_id: str, said_at: datetime, at: datetime
) -> tuple[MessageId, Message]:
    """One guardian fewer; who is one no longer is told with those who remain."""
    return message_id(Kind.GUARDIAN_UNLINKED, story), Message(
        kind=Kind.GUARDIAN_UNLINKED,
        child_id=ChildId(child_id),
        to=_persons([*guardians, unlinked_id]),
        created_at=at,
        true_until=said_at + LINK_IS_NEWS_FOR,
    )


def confirm_contact(
    *, confirmation_id: str, person_id: str, expires_at: datetime, at: datetime
) -> tuple[MessageId, Message]:
    """A code that proves an address, to be sent to that address alone while it is good."""
    return message_id(Kind.CONFIRM_CONTACT, confirmation_id), Message(
        kind=Kind.CONFIRM_CONTACT,
        to=_persons([person_id]),
        confirmation_id=confirmation_id,
        created_at=at,
        true_until=expires_at,
    )


def signed_in_from_new_place(
    *, session_id: str, person_id: str, said_at: datetime, at: datetime
) -> tuple[MessageId, Message]:
    """Somebody logged in as this person from where the person had not been before."""
    return message_id(Kind.SIGNED_IN_FROM_NEW_PLACE, session_id), Message(
        kind=Kind.SIGNED_IN_FROM_NEW_PLACE,
        to=_persons([person_id]),
        happened_at=said_at,
        created_at=at,
        true_until=said_at + LOGIN_IS_NEWS_FOR,
    )


def key_expiring(*, person_id: str, valid_until: datetime, at: datetime) -> tuple[MessageId, Message]:
    """The person's login key runs out."""
    return message_id(Kind.KEY_EXPIRING, f"{person_id}/{valid_until.isoformat()}"), Message(
        kind=Kind.KEY_EXPIRING,
        to=_persons([person_id]),
        created_at=at,
        true_until=valid_until,
    )


def _persons(ids: Sequence[str]) -> tuple[PersonId, ...]:
    return tuple(PersonId(each) for each in dict.fromkeys(ids))
