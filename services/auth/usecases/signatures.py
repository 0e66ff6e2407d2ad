"""Signed documents: judged once, kept with the evidence, and judged again only where waiting can help."""

import base64
import hashlib
import json
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid5

import structlog

from services.auth.domain.challenge import Challenge
from services.auth.domain.guardianship import ensure_guardian
from services.auth.domain.ids import ChildId, PersonId, SignatureId
from services.auth.domain.refusals import NotAGuardian
from services.auth.domain.signature import Act, Signature, kept
from services.auth.domain.verdict import Finding, Indication
from services.auth.signature.certificate import Usage
from services.auth.signature.revocation import Source, Status
from services.auth.signature.verifier import Judged
from services.auth.store import Store
from services.auth.usecases.desk import Desk
from services.chassis.aggregates import retry_stale

log = structlog.get_logger("auth")

_NAMESPACE = UUID("8f1c7b2e-6d0a-5b9e-9a35-2c5f0e4d7a11")


@dataclass(frozen=True, slots=True)
class Presented:
    """A signed document that another service asks about, with the document it had issued.

    `signer_id` names the person who handed it in, where the asking service knows it (R6).
    """

    act: Act
    child_id: ChildId
    expected_xml: str
    signed_xml: str
    signer_id: PersonId | None = None


@retry_stale
async def judge(desk: Desk, presented: Presented, now: datetime) -> Signature:
    """The verdict. Asking again about the same document gives the same answer, unless it was INDETERMINATE."""
    signature_id = _id_of(presented)
    found = await desk.store.signatures.get(signature_id)
    if found is not None and found.state.indication is not Indication.INDETERMINATE:
        return found.state
    judged = await desk.verifier.judge(
        presented.signed_xml.encode(), issued=presented.expected_xml.encode(), usage=Usage.SIGNING, at=now
    )
    person_id, judged = await _entitled(desk.store, presented, judged)
    subjects = [person_id, presented.signer_id, PersonId(presented.child_id)]
    told = _told(judged, presented.expected_xml)
    signature = await _signature(desk.store, signature_id, presented.act, judged, told, subjects)
    signature = replace(signature, person_id=person_id, child_id=presented.child_id)
    log.info(
        "auth.signature.judged", signature_id=signature_id, indication=signature.indication, finding=signature.finding
    )
    await desk.store.signatures.keep(signature_id, found, signature, at=now)
    return signature


async def keep_login(store: Store, judged: Judged, asked: Challenge, person_id: PersonId, now: datetime) -> None:
    """The signature a session rests on."""
    signature_id = SignatureId(str(uuid5(_NAMESPACE, f"login/{asked.challenge_id}")))
    signature = await _signature(store, signature_id, Act.LOGIN, judged, _told(judged, asked.document), [person_id])
    await store.signatures.add(signature_id, replace(signature, person_id=person_id), at=now)


async def _entitled(store: Store, presented: Presented, judged: Judged) -> tuple[PersonId | None, Judged]:
    """The signer's id, and the verdict lowered when the signer is unknown, another, or no guardian of the child."""
    if judged.signer is None or judged.verdict.indication is Indication.FAILED:
        return None, judged
    found = await store.vault.by_iin(judged.signer.iin)
    if found is None:
        return None, _lowered(judged, Finding.SIGNER_UNKNOWN)
    person_id = found.state.person_id
    if presented.signer_id not in {None, person_id}:
        return person_id, _lowered(judged, Finding.SIGNER_IS_ANOTHER)
    guardianship = await store.guardianships.get(presented.child_id)
    try:
        ensure_guardian(guardianship.state if guardianship else None, person_id)
    except NotAGuardian:
        return person_id, _lowered(judged, Finding.SIGNER_NOT_A_GUARDIAN)
    return person_id, judged


def _lowered(judged: Judged, finding: Finding) -> Judged:
    return replace(judged, verdict=replace(judged.verdict, finding=finding))


async def _signature(
    store: Store,
    signature_id: SignatureId,
    act: Act,
    judged: Judged,
    told: dict[str, object],
    subjects: list[PersonId | None],
) -> Signature:
    """The record, its evidence sealed for the first of the subjects who is known here."""
    content = json.dumps(told, ensure_ascii=False).encode()
    sealed_for, evidence = await store.vault.sealed_for(subjects, content, f"signatures/{signature_id}")
    certificate = judged.certificate
    signature = kept(
        signature_id,
        act,
        judged.verdict,
        evidence,
        person_id=None,
        child_id=None,
        certificate_sha256=hashlib.sha256(certificate.der).hexdigest() if certificate else None,
    )
    return replace(signature, sealed_for=sealed_for)


def _told(judged: Judged, issued: str) -> dict[str, object]:
    """Everything the verdict rests on, octets as received. Revocation lists are kept by number and digest: they are public."""
    return {
        "issued": issued,
        "signed": _text(judged.signed),
        "certificate": _text(judged.certificate.der) if judged.certificate else None,
        "issuer": _text(judged.issuer_der),
        "revocation": _proof(judged.status) if judged.status else None,
    }


def _proof(status: Status) -> dict[str, str | None]:
    proof: dict[str, str | None] = {"source": status.source, "told_at": status.told_at.isoformat()}
    if status.source is Source.OCSP:
        return proof | {"request": _text(status.request), "answer": _text(status.answer)}
    return proof | {"lists": status.answer.decode()}


def _text(octets: bytes | None) -> str | None:
    return None if octets is None else base64.b64encode(octets).decode()


def _id_of(presented: Presented) -> SignatureId:
    told = [presented.act, presented.child_id, presented.signer_id, presented.expected_xml, presented.signed_xml]
    digest = hashlib.sha256(json.dumps(told, ensure_ascii=True).encode()).hexdigest()
    return SignatureId(str(uuid5(_NAMESPACE, digest)))
