"""The register of families: from a list that was handed over, or asked over HTTP."""

import asyncio
import csv
from pathlib import Path

import httpx

from services.auth.domain.iin import Iin
from services.auth.domain.register import FamilyRegister, NoRegister, RegisterUnreachable
from services.auth.gateways.authority import USER_AGENT

ANSWER_LIMIT = 4 * 1024


class FileRegister:
    """A CSV file with the columns guardian_iin and child_iin; it is read again when it has changed.

    The numbers are held in memory only. A file that is missing or has other columns is an unreachable register.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._read_at = 0
        self._pairs: frozenset[tuple[str, str]] = frozenset()

    async def confirms(self, guardian: Iin, child: Iin) -> bool:
        """Whether the pair stands in the list; raises RegisterUnreachable."""
        return (guardian, child) in await asyncio.to_thread(self._present)

    def _present(self) -> frozenset[tuple[str, str]]:
        try:
            changed_at = self._file.stat().st_mtime_ns
            if changed_at != self._read_at:
                with self._file.open(encoding="utf-8-sig", newline="") as text:
                    lines = csv.DictReader(text)
                    self._pairs = frozenset((line["guardian_iin"], line["child_iin"]) for line in lines)
                self._read_at = changed_at
        except (OSError, KeyError, UnicodeDecodeError, csv.Error):
            raise RegisterUnreachable from None
        return self._pairs


class HttpRegister:
    """POST {guardian_iin, child_iin} to the configured address, answered {confirmed: true or false}.

    Bounded in time and size, follows no redirect; anything but a plain answer is an unreachable register.
    """

    def __init__(self, url: str, timeout_seconds: float) -> None:
        self._url = url
        self._client = httpx.AsyncClient(
            timeout=timeout_seconds, follow_redirects=False, trust_env=False, headers={"User-Agent": USER_AGENT}
        )
        self._timeout = timeout_seconds

    async def confirms(self, guardian: Iin, child: Iin) -> bool:
        """What the register says; raises RegisterUnreachable."""
        question = {"guardian_iin": guardian, "child_iin": child}
        try:
            async with asyncio.timeout(self._timeout), self._client.stream("POST", self._url, json=question) as answer:
                if answer.status_code != httpx.codes.OK:
                    raise RegisterUnreachable
                octets = b""
                async for piece in answer.aiter_bytes():
                    octets += piece
                    if len(octets) > ANSWER_LIMIT:
                        raise RegisterUnreachable
            told = httpx.Response(200, content=octets).json()
        except (httpx.HTTPError, TimeoutError, ValueError):
            raise RegisterUnreachable from None
        if not isinstance(told, dict) or not isinstance(told.get("confirmed"), bool):
            raise RegisterUnreachable
        return bool(told["confirmed"])


def family_register(file: Path | None, url: str | None, timeout_seconds: float) -> FamilyRegister:
    """The register this city has access to, if any."""
    if file is not None:
        return FileRegister(file)
    return HttpRegister(url, timeout_seconds) if url is not None else NoRegister()
