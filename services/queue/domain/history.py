"""The history of an application: lines that are only added, each sealed over the one before (R46)."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from services.queue.domain.statuses import Actor
from services.queue.domain.words import Status


class Happening(StrEnum):
    """What an entry of the history tells."""

    SUBMITTED = "SUBMITTED"
    REVIEW_BEGAN = "REVIEW_BEGAN"
    REGISTERED = "REGISTERED"
    REFUSED = "REFUSED"
    INVITED = "INVITED"
    NOTICE_HANDED_OVER = "NOTICE_HANDED_OVER"
    INVITATION_PROLONGED = "INVITATION_PROLONGED"
    INVITATION_ENDED = "INVITATION_ENDED"
    PLACE_HELD = "PLACE_HELD"
    HOLD_RELEASED = "HOLD_RELEASED"
    PLACE_TAKEN = "PLACE_TAKEN"
    ENROLLED = "ENROLLED"
    DISCHARGED = "DISCHARGED"
    REFERRAL_ENDED = "REFERRAL_ENDED"
    RIGHT_CHANGED = "RIGHT_CHANGED"
    PRIVILEGE_CONFIRMED = "PRIVILEGE_CONFIRMED"
    PRIVILEGE_WITHDRAWN = "PRIVILEGE_WITHDRAWN"
    PRIVILEGE_EXPIRED = "PRIVILEGE_EXPIRED"
    CONCLUSION_ENTERED = "CONCLUSION_ENTERED"
    CONCLUSION_EXPIRING = "CONCLUSION_EXPIRING"
    CONCLUSION_EXPIRED = "CONCLUSION_EXPIRED"
    STOPPED = "STOPPED"
    STOP_ENDED = "STOP_ENDED"
    BECAME_INACTIVE = "BECAME_INACTIVE"
    REACTIVATED = "REACTIVATED"
    TWINS_LINKED = "TWINS_LINKED"
    APPEAL_OPENED = "APPEAL_OPENED"
    APPEAL_GRANTED = "APPEAL_GRANTED"
    APPEAL_REJECTED = "APPEAL_REJECTED"
    REMOVED = "REMOVED"


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One line of the history (R46); `reason` is a code, never free text."""

    at: datetime
    what: Happening
    status: Status
    by: Actor
    reason: str | None = None
    story: str | None = None
    """Id of the invitation, hold, referral, signature or appeal that the line is about."""
    came_from: Status | None = None
    """The status before this line; the same as `status` where the line moved nothing."""
    rules: str | None = None
    """The version of the rules that were decided by (R50)."""
    seal: str = ""
    """SHA-256 over the seal before and this line."""


def appended(application_id: str, history: Sequence[HistoryEntry], entry: HistoryEntry) -> tuple[HistoryEntry, ...]:
    """The history with one more line, sealed over all before it. Time does not run backwards in a history."""
    last = history[-1] if history else None
    if last is not None:
        entry = replace(entry, at=max(entry.at, last.at), came_from=last.status)
    sealed = replace(entry, seal=_seal(application_id, last.seal if last else "", entry))
    return (*history, sealed)


def first_broken(application_id: str, history: Sequence[HistoryEntry]) -> int | None:
    """The first line (from 0) that is not what was written, or None when the history is whole."""
    before, status = "", None
    for number, entry in enumerate(history):
        if entry.seal != _seal(application_id, before, entry) or entry.came_from is not status:
            return number
        before, status = entry.seal, entry.status
    return None


def _seal(application_id: str, before: str, entry: HistoryEntry) -> str:
    told = [
        application_id,
        before,
        entry.at.isoformat(timespec="milliseconds"),
        entry.what,
        entry.came_from,
        entry.status,
        entry.by,
        entry.reason,
        entry.story,
        entry.rules,
    ]
    return hashlib.sha256(json.dumps(told, ensure_ascii=True, separators=(",", ":")).encode()).hexdigest()
