"""In, Kafka: who looked at a child's record, said by every service on its own access topic."""

from contracts import access
from services.auth.domain.access_log import Read
from services.auth.domain.ids import ChildId, PersonId, ReadId
from services.auth.store import Store
from services.auth.usecases import access as log
from services.chassis.kafka import Hearing, Told


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
        await log.heard(store, Read(ReadId(fact.read_id), service, child_ids, reader_id, fact.why, fact.at))

    return hearing
