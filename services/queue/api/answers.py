"""What the doors answer. Names and IINs are auth's: whoever shows a journal asks auth for the persons of its ids."""

from datetime import date, datetime

from pydantic import BaseModel

from services.queue.api import labels
from services.queue.domain.actions import appeals
from services.queue.domain.application import HistoryEntry
from services.queue.domain.history import first_broken
from services.queue.domain.rights import Conclusion
from services.queue.usecases.asking import Seen


class InvitationAnswer(BaseModel):
    """The turn that came; `deadline` is the first moment at which it is too late."""

    invitation_id: str
    deadline: datetime
    queue_number: int
    handed_over: bool
    """Whether the notice has left the house."""


class WhyAnswer(BaseModel):
    """Why the number is what it is: number = extraordinary + priority + general ahead + 1 (R20)."""

    privilege_class: str
    ahead: dict[str, int]
    turns_used: dict[str, int]
    number_range: dict[str, int]
    """Between which numbers it moves by the turns of the other class: `from`, `to`."""
    ratio: str = "1:3"


class HistoryAnswer(BaseModel):
    """One line of the tab of changes (R46)."""

    at: datetime
    what: str
    status: str
    status_text: dict[str, str]
    by: str
    reason: str | None
    came_from: str | None = None
    """The status before; the same where the line moved nothing."""
    rules: str | None = None
    """The version of the rules that were decided by (R50)."""


class ConclusionAnswer(BaseModel):
    """The conclusion of the consultation; `valid_until` is its last day."""

    number: str | None
    issued_on: date | None
    valid_until: date
    is_expiring: bool


class JournalRow(BaseModel):
    """One row of the journal (`Өтініштер журналы`), without what only auth knows."""

    application_id: str
    application_number: str
    child_id: str
    service_centre_number: str | None = None
    egov_number: str | None = None
    queue_number: int | None
    number_in_privilege: int
    filed_by: str | None
    registered_at: datetime
    status: str
    status_text: dict[str, str]
    privilege: str | None
    privilege_text: dict[str, str]
    group_year: int
    actions: list[str]
    """What the family may do now: `remove`, `choose`; no other button is shown (R29)."""


class CardAnswer(JournalRow):
    """The card of an application."""

    queue_type: str
    queue_type_text: dict[str, str]
    category: str | None
    category_text: dict[str, str] | None
    stream_id: str
    region: str
    region_text: dict[str, str]
    process_state: str
    """`Шешім қабылданды`: whoever is in the queue has been decided upon."""
    process_state_text: dict[str, str]
    status_since: datetime
    invitable: bool
    not_invitable_because: str | None
    why: WhyAnswer | None
    invitation: InvitationAnswer | None
    history: list[HistoryAnswer]
    history_is_whole: bool
    """Whether every line is sealed over the one before and nothing was changed since (R46)."""
    tabs: list[str] = ["about", "changes", "documents"]
    privilege_confirmed_on: date | None
    """Empty: claimed, and of no weight until it is confirmed (R17)."""
    privilege_valid_until: date | None
    conclusion: ConclusionAnswer | None
    stopped_until: date | None
    """The last day in the stop list."""
    has_twins: bool
    may_appeal_against: list[str]
    rules: str


class FoundAnswer(BaseModel):
    """What whoever knows identity number and application number is told: no more than where the child stands."""

    queue_number: int | None
    status: str
    status_text: dict[str, str]
    deadline: datetime | None
    """Of an invitation that has not ended: the first moment at which it is too late."""


def row(seen: Seen) -> JournalRow:
    """A row of the journal."""
    application = seen.application
    return JournalRow(
        application_id=application.application_id,
        application_number=application.application_number,
        child_id=application.child_id,
        service_centre_number=application.service_centre_number,
        egov_number=application.egov_number,
        queue_number=seen.number,
        number_in_privilege=seen.number_in_privilege,
        filed_by=application.filed_by,
        registered_at=application.registered_at,
        status=application.status,
        status_text=labels.STATUS[application.status],
        privilege=application.privilege.kind if application.privilege else None,
        privilege_text=labels.PRIVILEGE[application.privilege.kind if application.privilege else None],
        group_year=application.group_year,
        actions=list(seen.actions),
    )


def card(seen: Seen) -> CardAnswer:
    """The card."""
    application = seen.application
    region = application.stream_id.partition(":")[0]
    return CardAnswer(
        **row(seen).model_dump(),
        queue_type=application.queue_type,
        queue_type_text=labels.QUEUE_TYPE[application.queue_type],
        category=application.category,
        category_text=labels.CATEGORY[application.category] if application.category else None,
        stream_id=application.stream_id,
        region=region,
        region_text=labels.region(region),
        process_state=labels.process_state(application.status),
        process_state_text=labels.PROCESS[labels.process_state(application.status)],
        status_since=application.status_since,
        invitable=seen.not_invitable is None,
        not_invitable_because=seen.not_invitable,
        why=_why(seen),
        invitation=_invitation(seen),
        history=[_line(entry) for entry in application.history],
        history_is_whole=first_broken(application.application_id, application.history) is None,
        privilege_confirmed_on=application.privilege.confirmed_on if application.privilege else None,
        privilege_valid_until=application.privilege.valid_until if application.privilege else None,
        conclusion=_conclusion(application.conclusion),
        stopped_until=application.stop.until if application.stop else None,
        has_twins=application.twins is not None,
        may_appeal_against=list(appeals(application)),
        rules=seen.rules,
    )


def found(seen: Seen) -> FoundAnswer:
    """What is told without a session."""
    status = seen.application.status
    return FoundAnswer(
        queue_number=seen.number,
        status=status,
        status_text=labels.STATUS[status],
        deadline=seen.invitation.deadline if seen.invitation else None,
    )


def _why(seen: Seen) -> WhyAnswer | None:
    if seen.why is None:
        return None
    ahead, turns = seen.why.ahead, seen.why.turns
    return WhyAnswer(
        privilege_class=seen.why.privilege,
        ahead={"E": ahead.extraordinary, "P": ahead.priority, "G": ahead.general},
        turns_used={"P": turns.priority, "G": turns.general},
        number_range={"from": seen.why.lowest, "to": seen.why.highest},
    )


def _invitation(seen: Seen) -> InvitationAnswer | None:
    heard = seen.invitation
    if heard is None or heard.deadline is None or heard.queue_number is None:
        return None
    return InvitationAnswer(
        invitation_id=heard.invitation_id,
        deadline=heard.deadline,
        queue_number=heard.queue_number,
        handed_over=heard.handed_over,
    )


def _line(entry: HistoryEntry) -> HistoryAnswer:
    return HistoryAnswer(
        at=entry.at,
        what=entry.what,
        status=entry.status,
        status_text=labels.STATUS[entry.status],
        by=entry.by,
        reason=entry.reason,
        came_from=entry.came_from,
        rules=entry.rules,
    )


def _conclusion(known: Conclusion | None) -> ConclusionAnswer | None:
    if known is None:
        return None
    return ConclusionAnswer(
        number=known.number, issued_on=known.issued_on, valid_until=known.valid_until, is_expiring=known.warned
    )
