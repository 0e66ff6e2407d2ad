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
"""A full list is tens of megabytes: while the responder is away, it is fetched once a minute, not for every person."""

_CRL_TIMEOUTS = 5
"""A list is a few hundred times larger than an answer, and is given so many times the time."""


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
            timeout=timeout_seconds * _CRL_TIMEOUTS,
            follow_redirects=False,
            trust_env=False,
            headers={"User-Agent": USER_AGENT},
        )

    async def ocsp(self, request: bytes) -> bytes:
        """The answer to an OCSP request (RFC 6960 appendix A.1, POST)."""
        headers = {"Content-Type": "application/ocsp-request", "Accept": "application/ocsp-response"}
        question = self._client.build_request("POST", self._ocsp_url, content=request, headers=headers)
        return await self._answer(question, OCSP_LIMIT, self._timeout)

    async def lists(self) -> Lists:
        """The present lists, at most a minute old."""
        async with self._fetching:
            if self._lists is None or time.monotonic() - self._fetched > LISTS_KEPT_SECONDS:
                self._lists = await self._fetched_lists()
                self._fetched = time.monotonic()
            return self._lists

    async def _fetched_lists(self) -> Lists:
        full = await self._list(self._crl_url)
        return Lists(full, await self._list(self._crl_delta_url) if self._crl_delta_url else None)

    async def _list(self, url: str) -> bytes:
        question = self._client.build_request("GET", url)
        return await self._answer(question, CRL_LIMIT, self._timeout * _CRL_TIMEOUTS)

    async def _answer(self, question: httpx.Request, limit: int, seconds: float) -> bytes:
        try:
            async with asyncio.timeout(seconds):
                answer = await self._client.send(question, stream=True)
                try:
                    return await _bounded(answer, limit)
                finally:
                    await answer.aclose()
        except (httpx.HTTPError, TimeoutError):
            raise Unreachable from None


async def _bounded(answer: httpx.Response, limit: int) -> bytes:
    if answer.status_code != httpx.codes.OK:
        raise Unreachable
    octets = bytearray()
    async for piece in answer.aiter_bytes():
        octets += piece
        if len(octets) > limit:
            raise Unreachable
    return bytes(octets)
