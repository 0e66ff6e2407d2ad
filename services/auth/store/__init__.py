"""MongoDB: the collections of auth and their indexes. What names a person is sealed before it reaches a document."""

from services.auth.domain.guardianship import Guardianship
from services.auth.domain.ids import PersonId
from services.auth.domain.person import Duties
from services.auth.domain.session import Session
from services.auth.domain.signature import Signature
from services.auth.store import access_log, challenges, searches, vault
from services.auth.store.access_log import AccessLog
from services.auth.store.challenges import Challenges
from services.auth.store.sealing import LookUp, Sealing
from services.auth.store.searches import Searches
from services.auth.store.secrets import Secrets
from services.auth.store.vault import Vault
from services.chassis.mongo import Database, Index
from services.chassis.reads import ReadRecord

INDEXES = (
    *vault.INDEXES,
    *challenges.INDEXES,
    *access_log.INDEXES,
    *searches.INDEXES,
    Index("guardianships", ("guardians",), "guardianship_guardians"),
)

_CHILDREN_AT_MOST = 100


class Store:
    """The collections of this service."""

    def __init__(self, database: Database, secrets: Secrets) -> None:
        self.sealing = Sealing(secrets.vault)
        look_up = LookUp(secrets.pepper)
        self.vault = Vault(database, self.sealing, look_up)
        self.searches = Searches(database, look_up)
        self.guardianships = database.aggregates("guardianships", Guardianship)
        self.challenges = Challenges(database)
        self.sessions = database.aggregates("sessions", Session)
        self.signatures = database.aggregates("signatures", Signature)
        self.duties = database.aggregates("roles", Duties)
        self.access_log = AccessLog(database)
        self.reads = database.aggregates("reads", ReadRecord)

    async def children_of(self, person_id: PersonId) -> list[Guardianship]:
        """The children a person may act for."""
        found = await self.guardianships.find({"guardians": person_id}, limit=_CHILDREN_AT_MOST)
        return [stored.state for stored in found]
