"""The statuses of an application and the steps between them: one table for the code, the page and the doors (R46).

Nothing changes a status but `check_step`'s table allows it. A step that a person takes has its door; a step of the
system follows from what was heard. Words may be heard late or out of order: such steps are marked `late`, they are
right when they happen and the diagram leaves them out.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from services.queue.domain.refusals import NoSuchStep
from services.queue.domain.words import LIVE, Status


class Actor(StrEnum):
    """Who did it, as a role: the history is shown and names nobody."""

    GUARDIAN = "GUARDIAN"
    CLERK = "CLERK"
    OFFICER = "OFFICER"
    SYSTEM = "SYSTEM"


@dataclass(frozen=True, slots=True)
class Step:
    """One allowed step. `before` is empty where an application begins."""

    before: Status | None
    after: Status
    by: tuple[Actor, ...]
    why: str
    late: bool = False


_FAMILY = (Actor.GUARDIAN, Actor.CLERK)
_OFFICE = (Actor.CLERK, Actor.OFFICER)
_SYSTEM = (Actor.SYSTEM,)
_GUARDIAN = (Actor.GUARDIAN,)
_FAMILY_OR_SYSTEM = (Actor.GUARDIAN, Actor.SYSTEM)

_S = Status

_BY_PEOPLE = (
    Step(None, _S.QUEUED, (Actor.GUARDIAN, Actor.CLERK, Actor.SYSTEM), "filed or taken over; decided at once"),
    Step(None, _S.SUBMITTED, _FAMILY, "filed where the rules want a review"),
    Step(_S.SUBMITTED, _S.UNDER_REVIEW, _OFFICE, "the review began"),
    Step(_S.UNDER_REVIEW, _S.QUEUED, _OFFICE, "accepted, with the date of the filing"),
    Step(_S.UNDER_REVIEW, _S.REFUSED, _OFFICE, "refused, with a reason"),
    Step(_S.REFUSED, _S.UNDER_REVIEW, (Actor.OFFICER,), "an appeal was granted"),
    Step(_S.REMOVED, _S.QUEUED, (Actor.OFFICER,), "an appeal was granted; the date is the old one"),
    Step(_S.STOP_LIST, _S.QUEUED, (Actor.OFFICER, Actor.SYSTEM), "the last day is over, or an appeal was granted"),
    Step(_S.QUEUED, _S.STOP_LIST, _OFFICE, "put into the stop list, with a reason and a last day"),
    Step(_S.NOTIFIED, _S.STOP_LIST, _OFFICE, "put into the stop list, with a reason and a last day"),
    Step(_S.INACTIVE, _S.QUEUED, _GUARDIAN, "the family asked in time"),
    Step(_S.STOP_LIST, _S.NOTIFIED, (Actor.OFFICER,), "out of the stop list before its invitation ended", late=True),
    Step(_S.INACTIVE, _S.NOTIFIED, _GUARDIAN, "back before an invitation was heard to end", late=True),
    *(
        Step(before, _S.REMOVED, (*_FAMILY, Actor.OFFICER), "the family leaves («Кезектен алу»)")
        for before in (_S.SUBMITTED, _S.UNDER_REVIEW, _S.QUEUED, _S.NOTIFIED, _S.STOP_LIST, _S.INACTIVE)
    ),
    Step(_S.QUEUED, _S.REMOVED, _SYSTEM, "had left the old queue"),
)

_BY_HEARSAY = (
    Step(_S.QUEUED, _S.NOTIFIED, _SYSTEM, "the turn came and its notice was handed over"),
    Step(_S.NOTIFIED, _S.QUEUED, _SYSTEM, "the invitation ended"),
    Step(_S.QUEUED, _S.INACTIVE, _SYSTEM, "the window lapsed where the rules want it so", late=True),
    Step(_S.NOTIFIED, _S.INACTIVE, _SYSTEM, "the window lapsed where the rules want it so"),
    Step(_S.REFERRED, _S.ENROLLED, _SYSTEM, "a preschool accepted the referral"),
    Step(_S.ENROLLED, _S.DISCHARGED, _SYSTEM, "the preschool discharged the child"),
    Step(_S.REFERRED, _S.QUEUED, _FAMILY_OR_SYSTEM, "the referral was returned or revoked"),
    Step(_S.REFERRED, _S.STOP_LIST, _SYSTEM, "the referral ran out"),
    Step(_S.QUEUED, _S.REFERRED, _FAMILY_OR_SYSTEM, "a free place was taken"),
    Step(_S.NOTIFIED, _S.REFERRED, _GUARDIAN, "a place was taken"),
)

_LATE = (
    *(Step(s, _S.REFERRED, _GUARDIAN, "a hold on its way won", late=True) for s in (_S.STOP_LIST, _S.INACTIVE)),
    Step(
        _S.REFERRED, _S.NOTIFIED, _FAMILY_OR_SYSTEM, "the referral ended before its invitation was heard to", late=True
    ),
    Step(_S.QUEUED, _S.STOP_LIST, _SYSTEM, "a referral ran out that was not heard of before", late=True),
    Step(_S.NOTIFIED, _S.STOP_LIST, _SYSTEM, "a referral ran out that was not heard of before", late=True),
    Step(_S.INACTIVE, _S.STOP_LIST, _SYSTEM, "a referral ran out that was not heard of before", late=True),
    Step(_S.STOP_LIST, _S.NOTIFIED, _SYSTEM, "out of the stop list before its invitation ended", late=True),
    Step(_S.ENROLLED, _S.REFERRED, _SYSTEM, "an enrolment was undone", late=True),
    Step(_S.ENROLLED, _S.QUEUED, _SYSTEM, "an enrolment was undone", late=True),
    Step(_S.ENROLLED, _S.NOTIFIED, _SYSTEM, "an enrolment was undone", late=True),
    Step(_S.ENROLLED, _S.STOP_LIST, _SYSTEM, "an enrolment was undone", late=True),
    *(
        Step(s, _S.ENROLLED, _SYSTEM, "enrolment heard before the referral", late=True)
        for s in (_S.QUEUED, _S.NOTIFIED, _S.STOP_LIST, _S.INACTIVE)
    ),
    *(
        Step(s, _S.DISCHARGED, _SYSTEM, "discharge heard before the enrolment", late=True)
        for s in (_S.QUEUED, _S.NOTIFIED, _S.REFERRED, _S.STOP_LIST, _S.INACTIVE)
    ),
)


def _table() -> Mapping[tuple[Status | None, Status], Step]:
    table: dict[tuple[Status | None, Status], Step] = {}
    for step in (*_BY_PEOPLE, *_BY_HEARSAY, *_LATE):
        known = table.get((step.before, step.after))
        if known is not None:
            by = tuple(dict.fromkeys((*known.by, *step.by)))
            step = Step(step.before, step.after, by, known.why, late=known.late and step.late)
        table[step.before, step.after] = step
    return MappingProxyType(table)


STEPS: Mapping[tuple[Status | None, Status], Step] = _table()
"""Every allowed step; what is not here cannot happen."""

LEAVABLE = frozenset(before for before, after in STEPS if after is Status.REMOVED and before is not None)
"""From where a family may leave (R12)."""

HEARING = frozenset({*LIVE, Status.REFERRED, Status.ENROLLED, Status.STOP_LIST, Status.INACTIVE})
"""Statuses that follow from what is heard; the others are set by a person and moved by nobody else."""


def check_step(before: Status | None, after: Status) -> None:
    """NO_SUCH_STEP unless the table has it."""
    if (before, after) not in STEPS:
        raise NoSuchStep


def page() -> str:
    """The table as `docs/statuses.md`."""
    return "\n".join([*_PREFACE, *_diagram(), "", *_lines(), ""])


_PREFACE = (
    "# Statuses of an application",
    "",
    "Made from the table in `services/queue/domain/statuses.py` by `python -m services.queue statuses`; the code takes no",
    "other step, `GET /statuses` answers the same table with the words in Kazakh, Russian and English. A child has a number",
    "in QUEUED and NOTIFIED only (R19). Steps marked *late* happen when facts are heard out of order; the diagram leaves",
    "them out.",
    "",
)


def _diagram() -> Iterator[str]:
    yield "```mermaid"
    yield "stateDiagram-v2"
    for step in STEPS.values():
        if not step.late:
            yield f"    {step.before or '[*]'} --> {step.after}: {step.why.replace(';', ',')}"
    yield "```"


def _lines() -> Iterator[str]:
    yield "| from | to | by | why |"
    yield "| --- | --- | --- | --- |"
    for step in STEPS.values():
        why = f"{step.why} (*late*)" if step.late else step.why
        yield f"| {step.before or '(begins)'} | {step.after} | {', '.join(step.by)} | {why} |"
