"""What every service says when it has shown a child's record: who looked, at whom, why.

auth keeps the chained log.
"""

from typing import ClassVar, Literal

from contracts.envelope import Fact
from contracts.fields import Code, Id, Moment, ReaderId


class RecordReadFact(Fact):
    """One answer that held records of children."""

    read_id: Id
    child_ids: tuple[Id, ...]
    reader_id: ReaderId
    why: Code
    at: Moment

    def key(self) -> str:
        """The read."""
        return self.read_id

    def subject(self) -> str:
        """The read."""
        return self.read_id


class AuthRecordReadV1(RecordReadFact):
    """auth showed a record."""

    type: ClassVar[str] = "auth.access.record_read.v1"
    topic: ClassVar[str] = "zholdama.auth.access.v1"
    service: Literal["auth"] = "auth"


class QueueRecordReadV1(RecordReadFact):
    """queue showed a record."""

    type: ClassVar[str] = "queue.access.record_read.v1"
    topic: ClassVar[str] = "zholdama.queue.access.v1"
    service: Literal["queue"] = "queue"


class VacancyRecordReadV1(RecordReadFact):
    """vacancy showed a record."""

    type: ClassVar[str] = "vacancy.access.record_read.v1"
    topic: ClassVar[str] = "zholdama.vacancy.access.v1"
    service: Literal["vacancy"] = "vacancy"


class ReferralRecordReadV1(RecordReadFact):
    """referral showed a record."""

    type: ClassVar[str] = "referral.access.record_read.v1"
    topic: ClassVar[str] = "zholdama.referral.access.v1"
    service: Literal["referral"] = "referral"


class NotifyRecordReadV1(RecordReadFact):
    """notify showed a record."""

    type: ClassVar[str] = "notify.access.record_read.v1"
    topic: ClassVar[str] = "zholdama.notify.access.v1"
    service: Literal["notify"] = "notify"
