"""The card of a certificate, and `inspect`, which prints it."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import rsa

from services.auth.cli.family import ensure_gost
from services.auth.cli.outside import OutsidersCommand, misused, printed, shortened
from services.auth.domain.verdict import Finding, Rejected
from services.auth.signature.certificate import loaded
from services.auth.signature.chain import issuer_of
from services.auth.signature.document import MAX_BYTES, parse
from services.auth.signature.gost.certificate import issuer_of as gost_issuer_of
from services.auth.signature.gost.keys import is_gost
from services.auth.signature.gost.verifier import ALGORITHM as GOST
from services.auth.signature.gost.xml import gost_shape_of, names_gost
from services.auth.signature.holder import holder, organisation
from services.auth.signature.profile import Profile, profile_of
from services.auth.signature.shape import shape_of
from services.auth.signature.trust import NotPinned, fingerprint, is_test, pinned
from services.auth.signature.unreadable import UNREADABLE

_NO_CERTIFICATE = 1
_FILE = "certificate (DER or PEM), or a signed document, whose certificate is taken out"


def card(leaf: x509.Certificate, *, show_iin: bool = False) -> dict[str, Any]:
    """What a certificate says of its holder and its key. Raises Rejected when its name can be read in two ways.

    Numbers are shown as they stand: whether a check digit fits is a matter of the verdict.
    """
    person, profile = holder(leaf, check_digits=False), profile_of(leaf)
    told: dict[str, Any] = {
        "surname": person.surname,
        "given": person.given,
        "patronymic": person.patronymic,
        "holder": profile.holder,
        "organisation": _organisation(leaf, profile),
        "kind": profile.kind,
        "generation": profile.generation,
        "key_store": profile.store,
        "algorithm": algorithm(leaf),
        "serial": f"{leaf.serial_number:x}",
        "issuer": _common_name(leaf.issuer),
        "not_before": _moment(leaf.not_valid_before_utc),
        "not_after": _moment(leaf.not_valid_after_utc),
        "sha256": fingerprint(leaf),
        "test": is_test(leaf),
    }
    return {"iin": person.iin, **told} if show_iin else told


def algorithm(leaf: x509.Certificate) -> str:
    """`RSA-2048`, `GOST 34.310-2015`, or the object id of a key of another kind."""
    if is_gost(leaf):
        return GOST
    try:
        key = leaf.public_key()
    except UnsupportedAlgorithm:
        key = None
    return f"RSA-{key.key_size}" if isinstance(key, rsa.RSAPublicKey) else leaf.public_key_algorithm_oid.dotted_string


def register(own: typer.Typer) -> None:
    """Adds the command."""

    @own.command("inspect", cls=OutsidersCommand)
    def inspect(
        file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help=_FILE)],
        anchors: Annotated[
            Path | None, typer.Option(exists=True, file_okay=False, help="also say whether one of these has issued it")
        ] = None,
        show_iin: Annotated[bool, typer.Option("--show-iin", help="with the holder's number")] = False,
    ) -> None:
        """Prints what a certificate says of itself, as JSON. Nothing is verified but, with --anchors, who has issued it."""
        try:
            leaf = _leaf(shortened(file, MAX_BYTES))
            told = card(leaf, show_iin=show_iin)
        except Rejected as rejected:
            printed({"finding": rejected.finding})
            raise typer.Exit(_NO_CERTIFICATE) from None
        except UNREADABLE:
            printed({"finding": Finding.CERTIFICATE_MALFORMED})
            raise typer.Exit(_NO_CERTIFICATE) from None
        printed(told | ({} if anchors is None else {"issued_by_pinned": _is_issued(leaf, anchors)}))


def _leaf(octets: bytes) -> x509.Certificate:
    if octets.startswith(b"-----"):
        return x509.load_pem_x509_certificate(octets)
    if octets.lstrip().startswith(b"<"):
        octets = (gost_shape_of if names_gost(octets) else shape_of)(parse(octets)).certificate
    try:
        return loaded(octets)
    except Rejected as rejected:
        if rejected.finding is not Finding.CERTIFICATE_KEY_TYPE:
            raise
        return x509.load_der_x509_certificate(octets)


def _is_issued(leaf: x509.Certificate, anchors: Path) -> bool:
    if is_gost(leaf):
        ensure_gost()
    try:
        (gost_issuer_of if is_gost(leaf) else issuer_of)(leaf, pinned(anchors, test=True))
    except NotPinned as fault:
        raise misused(str(fault)) from None
    except Rejected:
        return False
    return True


def _organisation(leaf: x509.Certificate, profile: Profile) -> dict[str, Any] | None:
    behind = organisation(leaf, profile, check_digits=False)
    return None if behind is None else {"bin": behind.bin, "name": behind.name, "roles": list(behind.roles)}


def _common_name(name: x509.Name) -> str:
    return next((str(one.value) for one in name if one.oid == x509.NameOID.COMMON_NAME), "")


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"
