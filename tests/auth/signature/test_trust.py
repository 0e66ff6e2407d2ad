"""Whom we trust is what lies in one folder, and nothing else."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from services.auth.signature.trust import NotPinned, pinned
from tests.auth.hands import Hands


def test_root_and_issuer_are_told_apart_in_either_encoding(hands: Hands, tmp_path: Path) -> None:
    root, issuing = hands.authority.anchors
    (tmp_path / "a.cer").write_bytes(issuing.public_bytes(Encoding.DER))
    (tmp_path / "b.pem").write_bytes(root.public_bytes(Encoding.PEM))
    (tmp_path / "notes.txt").write_text("fetched and compared by two clerks")
    trust = pinned(tmp_path)
    assert (trust.anchors, trust.issuers) == ((root,), (issuing,))


def test_without_a_root_there_is_nobody_to_trust(hands: Hands, tmp_path: Path) -> None:
    with pytest.raises(NotPinned, match="no root"):
        pinned(tmp_path)
    (tmp_path / "issuing.pem").write_bytes(hands.authority.issuing.pem)
    with pytest.raises(NotPinned, match="no root"):
        pinned(tmp_path)


def test_a_file_that_is_no_certificate_is_named(hands: Hands, tmp_path: Path) -> None:
    hands.authority.write_anchors(tmp_path)
    (tmp_path / "broken.cer").write_bytes(b"<html>not found</html>")
    with pytest.raises(NotPinned, match=r"broken\.cer"):
        pinned(tmp_path)
