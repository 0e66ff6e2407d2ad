"""Key files: made once, whole, for their owner's eyes; what is missing is named."""

import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from services.auth.store.secrets import SecretsMissing, make_secrets, read_secrets


def test_missing_keys_are_made_once_and_never_touched_again(tmp_path: Path) -> None:
    made = make_secrets(tmp_path)
    assert {path.name for path in made} == {"k1.key", "pepper.key", "refresh.key", "signing-key.pem"}
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in made)
    first = read_secrets(tmp_path)
    assert make_secrets(tmp_path) == []
    again = read_secrets(tmp_path)
    assert (first.vault, first.pepper, first.refresh) == (again.vault, again.pepper, again.refresh)
    assert not [path for path in tmp_path.rglob(".*") if path.is_file()]


def test_a_vault_key_rotated_away_is_not_made_again(tmp_path: Path) -> None:
    make_secrets(tmp_path)
    (tmp_path / "vault" / "k1.key").rename(tmp_path / "vault" / "k2.key")
    assert make_secrets(tmp_path) == []
    assert list(read_secrets(tmp_path).vault) == ["k2"]


@pytest.mark.parametrize("name", ["vault/k1.key", "pepper.key", "refresh.key", "signing-key.pem"])
def test_a_missing_or_broken_key_is_named(tmp_path: Path, name: str) -> None:
    make_secrets(tmp_path)
    for content in (None, "", "not a key", "abcd"):
        (tmp_path / name).unlink(missing_ok=True)
        if content is not None:
            (tmp_path / name).write_text(content)
        with pytest.raises(SecretsMissing, match=name.rpartition("/")[2]):
            read_secrets(tmp_path)


def test_a_signing_key_of_another_kind_is_refused(tmp_path: Path) -> None:
    make_secrets(tmp_path)
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "signing-key.pem").write_bytes(pem)
    with pytest.raises(SecretsMissing, match="RSA"):
        read_secrets(tmp_path)
