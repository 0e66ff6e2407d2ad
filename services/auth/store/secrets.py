"""The keys of auth: files in its own secrets folder, readable by it alone.

`vault/<key id>.key` seals persons and evidence (the last id in order seals, all open); `pepper.key` finds a person by IIN;
`refresh.key` makes refresh tokens; `signing-key.pem` signs access tokens. Keys are 256 bits in hexadecimal.
"""

import contextlib
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

KEY_BYTES = 32
_SIGNING_BITS = 2048
_FIRST_VAULT_KEY = "vault/k1.key"


class SecretsMissing(Exception):
    """A key file is missing or is not a key; the message names the file."""


@dataclass(frozen=True, slots=True)
class Secrets:
    """All keys, read once at the start."""

    vault: Mapping[str, bytes]
    pepper: bytes
    refresh: bytes
    signing: rsa.RSAPrivateKey


def read_secrets(folder: Path) -> Secrets:
    """The keys in the folder; raises SecretsMissing."""
    vault = {path.stem: _key(path) for path in sorted((folder / "vault").glob("*.key"))}
    if not vault:
        raise SecretsMissing(f"{folder / _FIRST_VAULT_KEY} is missing; `make-secrets` makes it")
    return Secrets(
        vault=vault,
        pepper=_key(folder / "pepper.key"),
        refresh=_key(folder / "refresh.key"),
        signing=_signing_key(folder / "signing-key.pem"),
    )


def make_secrets(folder: Path) -> list[Path]:
    """Makes the keys that are missing and returns their files; a key that exists is never touched."""
    made = [
        path
        for path in (folder / _FIRST_VAULT_KEY, folder / "pepper.key", folder / "refresh.key")
        if not _exists(path) and _keep(path, secrets.token_hex(KEY_BYTES).encode())
    ]
    signing = folder / "signing-key.pem"
    if not signing.exists() and _keep(signing, _new_signing_key()):
        made.append(signing)
    return made


def make_vault_key(folder: Path) -> Path:
    """Makes a key that comes after all the others, so that it seals from the next start on; the others go on opening."""
    newest = max((path.stem for path in (folder / "vault").glob("*.key")), default="k0")
    path = folder / "vault" / f"{_after(newest)}.key"
    if not _keep(path, secrets.token_hex(KEY_BYTES).encode()):
        raise FileExistsError(path)
    return path


def _after(name: str) -> str:
    """A name that comes after this one in the order of letters: k1, k2 .. k9, k91 .. k99, k991."""
    last = name[-1]
    return f"{name[:-1]}{int(last) + 1}" if last in "012345678" else f"{name}1"


def _exists(path: Path) -> bool:
    """A vault key counts as there when any is: a key that was rotated away is not made again."""
    return path.exists() or (path.parent.name == "vault" and any(path.parent.glob("*.key")))


def _keep(path: Path, content: bytes) -> bool:
    """False when another process was first; whoever reads sees a whole file or none."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    try:
        with contextlib.suppress(FileExistsError):
            os.link(fresh, path)
            return True
        return False
    finally:
        fresh.unlink()


def _key(path: Path) -> bytes:
    try:
        key = bytes.fromhex(path.read_text().strip())
    except FileNotFoundError:
        raise SecretsMissing(f"{path} is missing; `make-secrets` makes it") from None
    except ValueError:
        raise SecretsMissing(f"{path} is not a key in hexadecimal digits") from None
    if len(key) != KEY_BYTES:
        raise SecretsMissing(f"{path} does not hold {KEY_BYTES * 8} bits")
    return key


def _new_signing_key() -> bytes:
    key = rsa.generate_private_key(65537, _SIGNING_BITS)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _signing_key(path: Path) -> rsa.RSAPrivateKey:
    try:
        key = load_pem_private_key(path.read_bytes(), None)
    except FileNotFoundError:
        raise SecretsMissing(f"{path} is missing; `make-secrets` makes it") from None
    except (ValueError, TypeError):
        raise SecretsMissing(f"{path} is not a private key in PEM") from None
    if not isinstance(key, rsa.RSAPrivateKey) or key.key_size < _SIGNING_BITS:
        raise SecretsMissing(f"{path} is not an RSA key of {_SIGNING_BITS} bits or more")
    return key
