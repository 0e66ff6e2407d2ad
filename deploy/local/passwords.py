"""Random passwords and keys of an instance: made once, one file each, readable by their owner only."""

import base64
import os
import secrets
from collections.abc import Callable
from pathlib import Path


class Passwords:
    """The folder `secrets/` of an instance. A name is a path in it, such as `queue/kafka`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def word(self, name: str) -> str:
        """A password of 32 letters and digits: safe in addresses, configuration files and SQL."""
        return self._keep(name, lambda: secrets.token_hex(16).encode()).decode()

    def key(self, name: str) -> Path:
        """The file of a 256-bit key, written as 64 hexadecimal digits."""
        self._keep(name, lambda: secrets.token_hex(32).encode())
        return self._folder / name

    def seal(self, name: str) -> Path:
        """The file of a Fernet key: 32 random bytes in URL-safe Base64."""
        self._keep(name, lambda: base64.urlsafe_b64encode(secrets.token_bytes(32)))
        return self._folder / name

    def folder_of(self, service: str) -> Path:
        """The folder with one service's secrets."""
        folder = self._folder / service
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder

    def _keep(self, name: str, make: Callable[[], bytes]) -> bytes:
        path = self._folder / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists() or not path.read_bytes():
            fresh = path.with_name(f".{path.name}.{os.getpid()}")
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(make())
            fresh.rename(path)
        return path.read_bytes()
