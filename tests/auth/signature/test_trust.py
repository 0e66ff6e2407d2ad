"""Whom we trust is what lies in one folder with the fingerprints that were compared, and nothing else."""

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from doubles.nca.certificates import Profile, make_ca
from doubles.nca.keys import Credential, new_key
from services.auth.signature.trust import FINGERPRINTS, NotPinned, TrustFolder, fingerprint, is_test, pinned
from tests.auth.hands import DATA, NOW, Hands

pytestmark = pytest.mark.filterwarnings("ignore:Attribute's length must be:UserWarning")
REAL = Profile("http://127.0.0.1")


def authority(title: str) -> tuple[Credential, Credential]:
    """A root and an issuing authority that do not call themselves a test."""
    root = make_ca(f"{title} root", new_key(), None, NOW - timedelta(days=9), REAL)
    return root, make_ca(f"{title} issuing", new_key(), root, NOW - timedelta(days=9), REAL)


ONE, OTHER = authority("One"), authority("Other")


def put(folder: Path, pair: tuple[Credential, Credential]) -> None:
    folder.mkdir(exist_ok=True)
    for name, one in zip(("root.pem", "issuing.pem"), pair, strict=True):
        (folder / name).write_bytes(one.pem)


def listed(folder: Path, pair: tuple[Credential, Credential]) -> None:
    lines = [f"{fingerprint(one.cert)}  {name}" for one, name in zip(pair, ("root.pem", "issuing.pem"), strict=True)]
    (folder / FINGERPRINTS).write_text("# compared on paper by two people\n\n" + "\n".join(lines) + "\n")


def test_root_and_issuer_are_told_apart_in_either_encoding(hands: Hands, tmp_path: Path) -> None:
    root, issuing = hands.authority.anchors
    (tmp_path / "a.cer").write_bytes(issuing.public_bytes(Encoding.DER))
    (tmp_path / "b.pem").write_bytes(root.public_bytes(Encoding.PEM))
    (tmp_path / "notes.txt").write_text("fetched and compared by two clerks")
    trust = pinned(tmp_path, test=True)
    assert (trust.anchors, trust.issuers) == ((root,), (issuing,))
    assert trust.current is trust


@pytest.mark.parametrize("test", [True, False])
def test_without_a_root_there_is_nobody_to_trust(hands: Hands, tmp_path: Path, test: bool) -> None:
    with pytest.raises(NotPinned, match="no root"):
        pinned(tmp_path, test=test)
    (tmp_path / "issuing.pem").write_bytes(hands.authority.issuing.pem)
    with pytest.raises(NotPinned, match="no root" if test else FINGERPRINTS):
        pinned(tmp_path, test=test)


def test_a_file_that_is_no_certificate_is_named(hands: Hands, tmp_path: Path) -> None:
    hands.authority.write_anchors(tmp_path)
    (tmp_path / "broken.cer").write_bytes(b"<html>not found</html>")
    with pytest.raises(NotPinned, match=r"broken\.cer"):
        pinned(tmp_path, test=True)


def test_a_test_authority_is_trusted_in_a_test_profile_only(hands: Hands, tmp_path: Path) -> None:
    put(tmp_path, (hands.authority.root, hands.authority.issuing))
    listed(tmp_path, (hands.authority.root, hands.authority.issuing))
    assert pinned(tmp_path, test=True).issuers == (hands.authority.issuing.cert,)
    with pytest.raises(NotPinned, match=r"issuing\.pem, root\.pem: a test authority"):
        pinned(tmp_path)


@pytest.mark.parametrize("name", ["nca_rsa_test.crt", "nca_gost_test.crt", "nca_gost2015_test.cer"])
def test_the_national_authoritys_own_test_roots_are_known_by_their_names(name: str) -> None:
    octets = (DATA / name).read_bytes()
    pem = octets.startswith(b"-----")
    assert is_test(x509.load_pem_x509_certificate(octets) if pem else x509.load_der_x509_certificate(octets))
    assert not is_test(x509.load_der_x509_certificate((DATA / "tsa_rsa2022_prod.der").read_bytes()))


def test_in_earnest_every_certificate_needs_its_fingerprint(tmp_path: Path) -> None:
    put(tmp_path, ONE)
    with pytest.raises(NotPinned, match=f"{FINGERPRINTS} is missing"):
        pinned(tmp_path)
    listed(tmp_path, ONE)
    assert pinned(tmp_path).anchors == (ONE[0].cert,)
    (tmp_path / "third.pem").write_bytes(OTHER[0].pem)
    with pytest.raises(NotPinned, match=r"third\.pem: not in"):
        pinned(tmp_path)
    (tmp_path / "third.pem").unlink()
    (tmp_path / "issuing.pem").unlink()
    with pytest.raises(NotPinned, match=r"issuing\.pem: in FINGERPRINTS, but"):
        pinned(tmp_path)


@pytest.mark.parametrize("test", [True, False])
def test_a_swapped_certificate_is_noticed(tmp_path: Path, test: bool) -> None:
    put(tmp_path, ONE)
    listed(tmp_path, ONE)
    (tmp_path / "root.pem").write_bytes(OTHER[0].pem)
    with pytest.raises(NotPinned, match=r"root\.pem: its fingerprint is"):
        pinned(tmp_path, test=test)


def test_fingerprints_are_read_as_authorities_print_them(tmp_path: Path) -> None:
    put(tmp_path, ONE)
    shown = [
        f"{':'.join(one.cert.fingerprint(hashes.SHA256()).hex().upper()[at : at + 2] for at in range(0, 64, 2))} {name}"
        for one, name in zip(ONE, ("root.pem", "issuing.pem"), strict=True)
    ]
    (tmp_path / FINGERPRINTS).write_text("\n".join(shown))
    assert pinned(tmp_path).issuers == (ONE[1].cert,)
    for bad in ("one", "a b c", f"{shown[0]}\n{shown[0]}", f"{shown[0]} anchor more"):
        (tmp_path / FINGERPRINTS).write_text(bad)
        with pytest.raises(NotPinned, match="a line is not"):
            pinned(tmp_path)


def test_an_issuing_authority_without_its_root_is_trusted_only_when_told_so(tmp_path: Path) -> None:
    (tmp_path / "issuing.pem").write_bytes(ONE[1].pem)
    line = f"{fingerprint(ONE[1].cert)} issuing.pem"
    (tmp_path / FINGERPRINTS).write_text(line)
    with pytest.raises(NotPinned, match="no root"):
        pinned(tmp_path)
    (tmp_path / FINGERPRINTS).write_text(f"{line} anchor")
    assert pinned(tmp_path).anchors == pinned(tmp_path).issuers == (ONE[1].cert,)


def test_a_changed_folder_is_read_again(tmp_path: Path) -> None:
    put(tmp_path, ONE)
    listed(tmp_path, ONE)
    folder = TrustFolder(tmp_path)
    before = folder.current
    assert folder.current is before
    put(tmp_path, OTHER)
    assert folder.current is before, "a half-done change is not taken"
    listed(tmp_path, OTHER)
    assert folder.current.issuers == (OTHER[1].cert,)


def test_a_folder_that_is_gone_leaves_what_was_trusted(tmp_path: Path) -> None:
    folder = tmp_path / "anchors"
    put(folder, ONE)
    listed(folder, ONE)
    trusted = TrustFolder(folder)
    for path in list(folder.iterdir()):
        path.unlink()
    folder.rmdir()
    assert trusted.current.issuers == (ONE[1].cert,)


def test_at_the_start_a_wrong_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(NotPinned):
        TrustFolder(tmp_path)
