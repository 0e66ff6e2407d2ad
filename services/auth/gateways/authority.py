"""The road to the certification authority: OCSP and revocation lists over HTTP.

Only the configured addresses are asked, never one that stands in a certificate. Every question is bounded in time and in
size, follows no redirect and names itself: requests without a User-Agent are turned away on the way to the authority.
"""

import asyncio
import time

import httpx

from services.auth.domain.revocation import Lists, Unreachable

USER_AGENT = "zholdama-auth/1"
OCSP_LIMIT = 64 * 1024
CRL_LIMIT = 64 * 1024 * 1024
LISTS_KEPT_SECONDS = 60.0
"""Where nothing keeps the lists loaded, they are fetched once a minute, not for every person."""

CRL_SECONDS = 60.0
"""A full list is tens of megabytes and nobody waits for it: it is fetched beside the running service."""


class AuthorityRoad:
    """The OCSP responder and the places of the lists; every failure is Unreachable."""

    def __init__(self, ocsp_url: str, crl_url: str, crl_delta_url: str | None, timeout_seconds: float) -> None:
        self._ocsp_url = ocsp_url
        self._crl_url = crl_url
        self._crl_delta_url = crl_delta_url
        self._timeout = timeout_seconds
        self._lists: Lists | None = None
        self._fetched = 0.0
        self._fetching = asyncio.Lock()
        self._client = httpx.AsyncClient(
            timeout=timeout_seconds,
            follow_redirects=False,
            trust_env=False,
            headers={"User-Agent": USER_AGENT, "Accept-Encoding": "identity"},
        )

    async def ocsp(self, request: bytes) -> bytes:
        """The answer to an OCSP request (RFC 6960 appendix A.1, POST)."""
        headers = {"Content-Type": "application/ocsp-request", "Accept": "application/ocsp-response"}
        question = self._client.build_request("POST", self._ocsp_url, content=request, headers=headers)
        return bytes(await self._answer(question, OCSP_LIMIT, self._timeout))

    @property
    def has_delta(self) -> bool:
        """True where the authority publishes a delta to its list."""
        return self._crl_delta_url is not None

    async def full_list(self) -> bytearray:
        """The full revocation list as it is published now."""
        return await self._list(self._crl_url)

    async def delta_list(self) -> bytearray:
        """The delta to it; Unreachable where none is configured."""
        if self._crl_delta_url is None:
            raise Unreachable
        return await self._list(self._crl_delta_url)

    async def lists(self) -> Lists:
        """The present lists as received, at most a minute old."""
        async with self._fetching:
            if self._lists is None or time.monotonic() - self._fetched > LISTS_KEPT_SECONDS:
                delta = bytes(await self.delta_list()) if self.has_delta else None
                self._lists = Lists(bytes(await self.full_list()), delta)
                self._fetched = time.monotonic()
            return self._lists

    async def _list(self, url: str) -> bytearray:
        return await self._answer(self._client.build_request("GET", url), CRL_LIMIT, CRL_SECONDS)

    async def _answer(self, question: httpx.Request, limit: int, seconds: float) -> bytearray:
        try:
            async with asyncio.timeout(seconds):
                answer = await self._client.send(question, stream=True)
                try:
                    return await _bounded(answer, limit)
                finally:
                    await answer.aclose()
        except (httpx.HTTPError, TimeoutError):
            raise Unreachable from None


async def _bounded(answer: httpx.Response, limit: int) -> bytearray:
    if answer.status_code != httpx.codes.OK:
        raise Unreachable
    octets = bytearray()
    async for piece in answer.aiter_raw():
        octets += piece
        if len(octets) > limit:
            raise Unreachable
    return octets
