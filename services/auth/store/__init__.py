"""MongoDB: the collections of auth and their indexes. What names a person is sealed before it reaches a document."""

from services.auth.domain.duties import Duties, Turn
from services.auth.domain.familiar import Familiar
from services.auth.domain.guardianship import Guardianship
from services.auth.domain.ids import PersonId
from services.auth.domain.session import Session
from services.auth.domain.signature import Signature
from services.auth.store import access_log, applications, challenges, confirmations, rates, vault
from services.auth.store.access_log import AccessLog, AccessLogReads
from services.auth.store.applications import Applications
from services.auth.store.challenges import Challenges
from services.auth.store.confirmations import ConfirmationReads, Confirmations
from services.auth.store.rates import Rates
from services.auth.store.sealing import LookUp, Sealing
from services.auth.store.secrets import Secrets
from services.auth.store.vault import Vault, VaultReads
from services.chassis.aggregates import Aggregates
from services.chassis.mongo import Database, Index
from services.chassis.reads import ReadRecord

INDEXES = (
    *vault.INDEXES,
    *challenges.INDEXES,
    *access_log.INDEXES,
    *applications.INDEXES,
    *rates.INDEXES,
    *confirmations.INDEXES,
    Index("guardianships", ("guardians",), "guardianship_guardians"),
    Index("sessions", ("person_id",), "session_person"),
    Index("roles", ("roles",), "role_holders"),
)

_CHILDREN_AT_MOST = 100


class Reading:
    """What may be asked of the collections; nothing can be written through it."""

    def __init__(self, database: Database, secrets: Secrets) -> None:
        self.vault = VaultReads(database, Sealing(secrets.vault), LookUp(secrets.pepper))
        self.confirmations = ConfirmationReads(database, LookUp(secrets.pepper))
        self.guardianships = database.reads("guardianships", Guardianship)
        self.duties = database.reads("roles", Duties)
        self.sessions = database.reads("sessions", Session)
        self.access_log = AccessLogReads(database)
        self.evidence = database.reads("signatures", Signature)

    async def evidence_of(self, signature: Signature) -> bytes:
        """What a verdict rests on (JSON); raises PersonErased once the person it names was erased."""
        return await self.vault.opened(signature.sealed_for, signature.evidence, f"signatures/{signature.signature_id}")

    async def children_of(self, person_id: PersonId) -> list[Guardianship]:
        """The children a person may act for."""
        found = await self.guardianships.find({"guardians": person_id}, limit=_CHILDREN_AT_MOST)
        return [stored.state for stored in found]


class Store(Reading):
    """The collections of this service, for whoever also writes."""

    def __init__(self, database: Database, secrets: Secrets) -> None:
        super().__init__(database, secrets)
        self.sealing = Sealing(secrets.vault)
        look_up = LookUp(secrets.pepper)
        self.vault: Vault = Vault(database, self.sealing, look_up)
        self.rates = Rates(database, look_up)
        self.look_up = look_up
        self.confirmations: Confirmations = Confirmations(database, look_up)
        self.familiar: Aggregates[Familiar] = database.aggregates("familiar", Familiar)
        self.applications = Applications(database)
        self.guardianships: Aggregates[Guardianship] = database.aggregates("guardianships", Guardianship)
        self.challenges = Challenges(database)
        self.sessions: Aggregates[Session] = database.aggregates("sessions", Session)
        self.signatures = database.aggregates("signatures", Signature)
        self.officers = database.aggregates("officers", Turn)
        self.duties: Aggregates[Duties] = database.aggregates("roles", Duties)
        self.access_log: AccessLog = AccessLog(database)
        self.reads = database.aggregates("reads", ReadRecord)
