"""The services as the cabinet asks them: a typed question, a typed answer, or one of two ways to fail."""

import ssl
from collections.abc import Mapping
from typing import Any

import httpx
import structlog

from services.chassis.telemetry import current_traceparent

TIMEOUT_SECONDS = 5.0


class Refused(Exception):
    """The service refused, and says why by a stable code (RFC 9457)."""

    def __init__(self, status: int, code: str, told: Mapping[str, Any]) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.told = told


class Away(Exception):
    """The service cannot be asked now; what was sent to it may or may not have arrived."""

    def __init__(self, service: str) -> None:
        super().__init__(service)
        self.service = service


class Upstream:
    """One service behind its HTTP doors."""

    def __init__(self, name: str, address: str, trust: ssl.SSLContext) -> None:
        self.name = name
        self._client = httpx.AsyncClient(
            base_url=address,
            verify=trust,
            timeout=TIMEOUT_SECONDS,
            limits=httpx.Limits(max_connections=200, max_keepalive_connections=50),
        )

    async def ask(
        self,
        method: str,
        path: str,
        token: str = "",
        *,
        json: Any = None,
        params: Mapping[str, str | float] | None = None,
        wait: float = 0.0,
        on_behalf_of: str = "",
    ) -> httpx.Response:
        """The service's answer, 2xx. Raises Refused or Away.

        `wait` seconds are allowed on top for a long poll; `on_behalf_of` is the browser's address, for limits.
        """
        headers = {"traceparent": current_traceparent()}
        if on_behalf_of:
            headers["x-forwarded-for"] = on_behalf_of
        correlation = structlog.contextvars.get_contextvars().get("correlation_id", "")
        if correlation:
            headers["x-correlation-id"] = correlation
        if token:
            headers["authorization"] = f"Bearer {token}"
        try:
            answer = await self._client.request(
                method, path, json=json, params=params, headers=headers, timeout=TIMEOUT_SECONDS + wait
            )
        except httpx.HTTPError as error:
            raise Away(self.name) from error
        if answer.is_success:
            return answer
        told = _problem(answer)
        code = str(told.get("code", ""))
        if answer.is_server_error and code != "REVOCATION_UNKNOWN":
            raise Away(self.name)
        raise Refused(answer.status_code, code, told)

    async def close(self) -> None:
        """Lets the connections go."""
        await self._client.aclose()


def _problem(answer: httpx.Response) -> Mapping[str, Any]:
    try:
        told = answer.json()
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
