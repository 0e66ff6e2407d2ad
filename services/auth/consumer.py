"""In, Kafka: who looked at a child's record, and which application is whose."""

from contracts import access, queue
from contracts.fields import Status
from services.auth.domain.access_log import Read
from services.auth.domain.ids import ChildId, PersonId, ReadId
from services.auth.store import Store
from services.auth.usecases.hearing import application_heard, heard
from services.chassis.kafka import Hearing, Told

_GONE = frozenset({Status.REFUSED, Status.REMOVED})


def hear(store: Store) -> Hearing:
    """Everything auth listens to."""
    hearing = Hearing("auth")

    @hearing.on(
        access.AuthRecordReadV1,
        access.QueueRecordReadV1,
        access.VacancyRecordReadV1,
        access.ReferralRecordReadV1,
        access.NotifyRecordReadV1,
    )
    async def read(fact: access.RecordReadFact, told: Told) -> None:
        child_ids = tuple(ChildId(child_id) for child_id in fact.child_ids)
        reader_id, service = PersonId(fact.reader_id), told.topic.split(".")[1]
        await heard(store, Read(ReadId(fact.read_id), service, child_ids, reader_id, fact.why, fact.at))

    @hearing.on(*queue.APPLICATION_FACTS)
    async def application(fact: queue.ApplicationFact, told: Told) -> None:
        child_id, stands = ChildId(fact.child_id), fact.status not in _GONE
        number, sequence = fact.application_number, told.sequence
        await application_heard(store, fact.application_id, child_id, number, stands=stands, sequence=sequence)

    return hearing
