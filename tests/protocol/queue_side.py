"""The queue of the walk: applications and streams, each one document, told of one another by messages."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import Any

from services.queue.domain import application as app
from services.queue.domain.filing import Filing, Turnstile, register
from services.queue.domain.order import Waiting
from services.queue.domain.outages import Outage, OutageCause, Prolonging
from services.queue.domain.refusals import Refusal
from services.queue.domain.stream import (
    Candidate,
    InvitationEnded,
    InvitationProlonged,
    Invited,
    Stream,
    TokenReclaimed,
    Window,
)
from services.queue.domain.words import LIVE, Category, HoldState, InvitationId, PrivilegeClass, QueueType
from tests.protocol.rules import Rules

GRACE = timedelta(minutes=1)
DAY = timedelta(minutes=5)
"""Of the walk: what an outage takes and gives back."""


def _days(begin: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    while begin < end:
        yield begin, begin + DAY
        begin += DAY


OUTAGES = Prolonging(timedelta(minutes=1), _days, lambda deadline, days: deadline + days * DAY)


class QueueSide:
    """What queue owns and how it acts on what it hears."""

    def __init__(self, walk: Any, rules: Rules, random: Random) -> None:
        self.walk, self.rules, self.random = walk, rules, random
        self.applications: dict[str, app.Application] = {}
        self.sequence: dict[str, int] = {}
        self.streams: dict[str, Stream] = {}
        self.outages: list[Outage] = []
        self._read: dict[str, app.Application] = {}
        self._too_early: list[tuple[str, Any]] = []
        self._ids = (InvitationId(f"i{n}") for n in count(1))

    @property
    def now(self) -> app.Now:
        return app.Now(self.walk.now, self.walk.now.date())

    def file(self, child: str, category: Category, at: datetime, queue_type: QueueType) -> None:
        serial = len(self.applications) + 1
        filing = Filing(f"a{serial}", child, "parent", "almaty", queue_type, category, 2021)  # type: ignore[arg-type]
        state, said = register(filing, Turnstile(serial, at, app.application_number(2026, serial)), self.now)
        self.streams.setdefault(state.stream_id, Stream(state.stream_id))
        self._save(state, said)

    def _save(self, state: app.Application, said: tuple[app.ApplicationFact, ...]) -> None:
        self.applications[state.application_id] = state
        self.sequence[state.application_id] = self.sequence.get(state.application_id, 0) + len(said)
        for _ in said:
            self.walk.send("application", state, self.sequence[state.application_id])

    def _apply(self, stream_id: str, change: tuple[Stream, tuple[Any, ...]]) -> None:
        self.streams[stream_id], said = change
        for fact in said:
            match fact:
                case Invited(invitation, _):
                    self.walk.send("invited", stream_id, invitation)
                case InvitationProlonged(invitation, _):
                    self.walk.send("prolonged", stream_id, invitation)
                case InvitationEnded(invitation, reason):
                    self.walk.send("ended", stream_id, invitation, reason)
                case TokenReclaimed(hold_id, _, reason):
                    self.walk.send("reclaimed", stream_id, hold_id, reason)

    def invite(self, stream_id: str) -> None:
        """Invite from a list of candidates that may have been read some time ago."""
        if self.random.random() < 0.7:
            self._read = dict(self.applications)
        waiting = [a for a in self._read.values() if a.stream_id == stream_id and a.status in LIVE]
        waiting.sort(key=lambda a: (a.registered_at, a.serial))
        candidates = [
            Candidate(a.application_id, a.child_id, n, PrivilegeClass.GENERAL, a.invitable)
            for n, a in enumerate(waiting, 1)
        ]
        now = self.walk.now
        deadline = now + timedelta(minutes=self.random.randrange(*self.walk.window_minutes))
        window = Window(deadline, deadline + GRACE)
        invite = self.rules.invite_next
        self._apply(stream_id, invite(self.streams[stream_id], candidates, ids=self._ids, now=now, window=window))

    def lapse(self, stream_id: str) -> None:
        self._apply(stream_id, self.rules.lapse(self.streams[stream_id], self.walk.now))

    def refuse(self, stream_id: str) -> None:
        """Somebody lets a turn go by."""
        stream = self.streams[stream_id]
        live = [i.application_id for i in stream.invitations if i.ended is None]
        if live:
            try:
                self._apply(stream_id, self.rules.refused(stream, self.random.choice(live)))
            except Refusal as refusal:
                self.walk.seen[refusal.code] += 1

    def record_outage(self) -> None:
        """Somebody records an outage that has just ended; each stream is prolonged, perhaps only later."""
        began = self.walk.now - timedelta(minutes=self.random.randrange(1, 12))
        times = {"began_at": began, "ended_at": self.walk.now, "recorded_at": self.walk.now}
        outage_id, cause = self.walk.new_id("o"), OutageCause.POWER_OR_NETWORK
        self.outages.append(Outage(outage_id=outage_id, cause=cause, policy="p", **times))
        for stream_id in self.streams:
            if self.random.random() < 0.7:
                self.prolong(stream_id)

    def prolong(self, stream_id: str) -> None:
        self._apply(stream_id, self.rules.prolonged(self.streams[stream_id], self.outages, OUTAGES))

    def remove(self, application_id: str) -> None:
        try:
            self._save(
                *self.rules.remove(self.applications[application_id], self.now, by=app.Actor.GUARDIAN, last_number=1)
            )
        except Refusal as refusal:
            self.walk.seen[refusal.code] += 1

    def hear_opened(self, stream_id: str, publication_id: Any, n: int) -> None:
        self._apply(stream_id, self.rules.opened(self.streams[stream_id], publication_id, n))
        self.invite(stream_id)

    def hear_own_application(self, state: app.Application, _sequence: int) -> None:
        fresh = self.applications[state.application_id]
        stream = self.streams[state.stream_id]
        heard = self.rules.application_heard(stream, fresh.application_id, fresh.status, invitable=fresh.invitable)
        self._apply(state.stream_id, heard)

    def hear_own_invited(self, _stream_id: str, invitation: Any) -> None:
        state = self.applications[invitation.application_id]
        deadline = invitation.window.deadline
        change = self.rules.app_invited(state, invitation.invitation_id, deadline, invitation.queue_number, self.now)
        self._save(*change)
        waited, self._too_early = self._too_early, []
        for stream_id, longer in waited:
            self.hear_own_prolonged(stream_id, longer)

    def hear_own_prolonged(self, stream_id: str, invitation: Any) -> None:
        """Heard before the turn itself, it is parked."""
        state = self.applications[invitation.application_id]
        known = [i for i in state.invitations if i.invitation_id == invitation.invitation_id and i.deadline]
        if not known:
            self._too_early.append((stream_id, invitation))
            return
        deadline = invitation.window.deadline
        self._save(*self.rules.app_prolonged(state, invitation.invitation_id, deadline, self.now))

    def hear_handed_over(self, invitation: Any) -> None:
        state = self.applications[invitation.application_id]
        self._save(*self.rules.app_handed_over(state, invitation.invitation_id, self.now))

    def hear_own_ended(self, _stream_id: str, invitation: Any, reason: Any) -> None:
        state = self.applications[invitation.application_id]
        self._save(*self.rules.app_invitation_ended(state, invitation.invitation_id, reason, self.now))

    def hear_hold(self, stream_id: str, hold: Any, state: HoldState) -> None:
        change = self.rules.hold_heard(
            self.streams[stream_id], hold.hold_id, hold.application_id, hold.child_id, hold.invitation_id, state
        )
        self._apply(stream_id, change)

    def hear_taken(self, stream_id: str, hold: Any) -> None:
        change = self.rules.hold_taken(
            self.streams[stream_id],
            hold.hold_id,
            hold.application_id,
            hold.child_id,
            hold.invitation_id,
            waiting=Waiting(general=3),
        )
        self._apply(stream_id, change)

    def hear_hold_of_child(self, hold: Any, state: HoldState) -> None:
        for application in [a for a in self.applications.values() if a.child_id == hold.child_id]:
            change = self.rules.app_hold_heard(application, hold.hold_id, hold.application_id, state, self.now)
            self._save(*change)

    def hear_returned(self, referral: Any) -> None:
        stream_id = self.applications[referral.application_id].stream_id
        self._apply(
            stream_id,
            self.rules.hold_heard(
                self.streams[stream_id],
                referral.hold_id,
                referral.application_id,
                referral.child_id,
                None,
                HoldState.ENDED,
            ),
        )

    def hear_token_owed(self, stream_id: str, withdrawal_id: Any) -> None:
        self._apply(stream_id, self.rules.token_owed(self.streams[stream_id], withdrawal_id))
