"""`verify`: the verdict on a signed document from files alone, for whoever holds one."""

import hashlib
import json
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from services.auth.cli.card import algorithm, card
from services.auth.cli.family import chosen_family
from services.auth.cli.outside import OutsidersCommand, misused, printed, shortened
from services.auth.domain.refusals import IssuedDocumentUnreadable
from services.auth.domain.verdict import Indication
from services.auth.signature.document import MAX_BYTES
from services.auth.signature.kept import RevocationFiles
from services.auth.signature.profile import ORGANISATIONS, PEOPLE, Usage
from services.auth.signature.revocation import Source, Status
from services.auth.signature.trust import NotPinned, Trust, is_test, pinned
from services.auth.signature.verifier import Asked, Family, Judged, judged_from_files
from services.chassis.clock import real_now

EXIT_CODES = {Indication.PASSED: 0, Indication.FAILED: 1, Indication.INDETERMINATE: 2}


class Purpose(StrEnum):
    """What the key was used for."""

    LOGIN = "login"
    SIGN = "sign"


class By(StrEnum):
    """Whose certificate is expected: a parent's own, or an organisation's (the city signs referrals)."""

    PERSON = "person"
    ORGANISATION = "organisation"


_USAGES = {Purpose.LOGIN: Usage.LOGIN, Purpose.SIGN: Usage.SIGNING}
_HOLDERS = {By.PERSON: PEOPLE, By.ORGANISATION: ORGANISATIONS}
_ANCHORS = "folder of the authority's certificates, with FINGERPRINTS beside them"
_OCSP = "OCSP answer about the certificate (DER)"
_CRL = "revocation list (DER), full or delta; may be given more than once"
_GOST = "judge GOST 34.310-2015 signatures too; they are refused otherwise"
_EXPECT = "the document as it was issued, without signature: it must be this one, octet for octet"


def register(own: typer.Typer) -> None:
    """Adds the command."""

    @own.command("verify", cls=OutsidersCommand)
    def verify(
        file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="signed document (XML)")],
        anchors: Annotated[Path, typer.Option(exists=True, file_okay=False, help=_ANCHORS)],
        purpose: Annotated[Purpose, typer.Option(help="which key has to have signed")] = Purpose.SIGN,
        by: Annotated[By, typer.Option(help="whose certificate it has to be")] = By.PERSON,
        expect: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help=_EXPECT)] = None,
        at: Annotated[str | None, typer.Option(help="moment to judge by, 2026-03-02T07:00Z; else now")] = None,
        ocsp: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help=_OCSP)] = None,
        crl: Annotated[list[Path] | None, typer.Option(exists=True, dir_okay=False, help=_CRL)] = None,
        test_authority: Annotated[
            bool, typer.Option("--test-authority", help="trust test authorities too; their numbers are invented")
        ] = False,
        gost: Annotated[bool, typer.Option("--gost", help=_GOST)] = False,
        show_iin: Annotated[bool, typer.Option("--show-iin", help="with the signer's number")] = False,
    ) -> None:
        """Prints the verdict as JSON and ends with 0 PASSED, 1 FAILED, 2 INDETERMINATE (64: the question is wrong)."""
        trust = _trust(anchors, test_authority)
        asked = Asked(
            usage=_USAGES[purpose],
            at=_moment(at),
            issued=expect.read_bytes() if expect else None,
            holders=_HOLDERS[by],
            check_digits=not test_authority,
        )
        signed = shortened(file, MAX_BYTES)
        family = chosen_family(signed, gost=gost)
        answer, lists = (ocsp.read_bytes() if ocsp else None), tuple(path.read_bytes() for path in crl or ())
        files = RevocationFiles(answer, lists, family.signatures.authentic, family.signatures.signed_by)
        judged = _judged(signed, asked, trust, files, family)
        printed(_verdict(judged, asked, purpose, by) | _shown(judged, family, show_iin=show_iin))
        raise typer.Exit(EXIT_CODES[judged.verdict.indication])


def _judged(signed: bytes, asked: Asked, trust: Trust, files: RevocationFiles, family: Family) -> Judged:
    try:
        return judged_from_files(
            signed,
            asked,
            trust,
            lambda certificate: files.ensure_not_revoked(certificate, trust, asked.at),
            family,
        )
    except IssuedDocumentUnreadable as refusal:
        raise misused(f"--expect is no document that could be signed ({refusal})") from None


def _verdict(judged: Judged, asked: Asked, purpose: Purpose, by: By) -> dict[str, Any]:
    covered = judged.covered
    return {
        "indication": judged.verdict.indication,
        "sub_indication": judged.verdict.sub_indication,
        "finding": judged.verdict.finding,
        "policy": judged.verdict.policy,
        "at": asked.at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "purpose": purpose,
        "by": by,
        "document": {
            "sha256": hashlib.sha256(judged.signed).hexdigest(),
            "covered_sha256": None if covered is None else hashlib.sha256(covered).hexdigest(),
            "as_issued": True if covered is not None and asked.issued is not None else None,
        },
    }


def _shown(judged: Judged, family: Family, *, show_iin: bool) -> dict[str, Any]:
    """Who has signed, how, and what the key's state rests on; nothing of it where the signature is not genuine."""
    if judged.certificate is None or judged.covered is None:
        return {"signature": None, "signer": None, "revocation": None}
    leaf, issuer = judged.certificate.leaf, judged.certificate.issuer
    return {
        "signature": {
            "key": algorithm(leaf),
            "method": family.signature_method,
            "digest": family.digest_method,
            "test_authority": is_test(issuer),
        },
        "signer": card(leaf, show_iin=show_iin),
        "revocation": None if judged.status is None else _revocation(judged.status),
    }


def _revocation(status: Status) -> dict[str, Any]:
    told = {"source": status.source, "told_at": status.told_at.isoformat().replace("+00:00", "Z")}
    if status.source is Source.OCSP:
        return told | {"answer_sha256": hashlib.sha256(status.answer).hexdigest()}
    return told | {"lists": json.loads(status.answer)}


def _trust(folder: Path, test: bool) -> Trust:
    try:
        return pinned(folder, test=test)
    except NotPinned as fault:
        raise misused(str(fault)) from None


def _moment(text: str | None) -> datetime:
    if text is None:
        return real_now()
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise misused(f"--at {text}: a moment is written 2026-03-02T07:00Z") from None
    if at.tzinfo is None:
        raise misused(f"--at {text}: the zone is missing; write Z for UTC or +05:00 for Almaty")
    return at.astimezone(UTC)
