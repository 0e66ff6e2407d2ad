"""Log in end to end: challenge → signed answer → session, open loop, OCSP asked each time; yardstick: the same one at a time."""

import asyncio
import secrets
import time
from dataclasses import dataclass
from datetime import date
from typing import Any

import httpx
import psutil  # type: ignore[import-untyped, unused-ignore]
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from benchmarks.figures import ratio, row
from deploy.local.stack import Stack
from deploy.local.temporary import temporary_stack
from doubles.nca.certificates import Usage
from doubles.nca.iin import make_iin
from doubles.nca.keys import Credential
from doubles.ncalayer.sign import sign_xml

PER_SECOND = 30
SECONDS = 10
PEOPLE = 60
ALONE = 30
IDLE = 2
"""Seconds after which a connection is not used again: the server ends idle ones after five."""
SAME_PERSON = 7
"""Serial numbers stay apart, so that no two people get one IIN."""


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person at a computer of the own, behind the site's proxy."""

    key: Credential
    address: str


def main() -> None:
    """One authority, one auth and the engines, each a process of its own; signing is the person's part and not counted."""
    with temporary_stack("bench") as stack:
        stack.up_engines()
        stack.up_doubles()
        stack.up_services(["auth"])
        people = _people(stack)
        before = _worked(stack)
        alone, together = asyncio.run(_both(stack, people))
        worked = {name: spent - before[name] for name, spent in _worked(stack).items()}
    row("one at a time", alone)
    row(f"at {PER_SECOND}/s", together)
    for name, spent in worked.items():
        print(f"  {f'work of {name} for one login':<34} {1000 * spent / (2 * ALONE + len(together)):8.1f} ms of a core")
    ratio("login", together, alone, "p99 at most 150 ms at 30/s on 2 cores")


def _people(stack: Stack) -> list[Somebody]:
    """Their keys are made by the authority before anything is measured."""
    with httpx.Client(base_url=stack.url("nca"), timeout=60, trust_env=False) as desk:
        return [_somebody(desk, number) for number in range(PEOPLE)]


def _somebody(desk: httpx.Client, number: int) -> Somebody:
    iin = make_iin(date(1990, 1, 1), female=True, serial=1 + number * SAME_PERSON)
    told = {"iin": iin, "surname": "СЫНАҚОВА", "given": f"АЙ{number}", "handle": f"bench{number}"}
    desk.post("/people", json=told).raise_for_status()
    made: dict[str, Any] = desk.post(f"/people/bench{number}/keys/{Usage.AUTH}").raise_for_status().json()
    key = load_pem_private_key(made["key_pem"].encode(), None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("the authority makes RSA keys")
    certificate = x509.load_pem_x509_certificate(made["certificate_pem"].encode())
    return Somebody(Credential(certificate, key), f"198.51.100.{number + 1}")


def _worked(stack: Stack) -> dict[str, float]:
    """Seconds of processor time so far: what a loaded machine tells as well as an idle one."""
    times = {name: psutil.Process(stack.pid(name)).cpu_times() for name in ("auth", "nca")}
    return {name: spent.user + spent.system for name, spent in times.items()}


async def _both(stack: Stack, people: list[Somebody]) -> tuple[list[float], list[float]]:
    limits = httpx.Limits(max_connections=200, keepalive_expiry=IDLE)
    async with httpx.AsyncClient(base_url=stack.url("auth"), timeout=30, trust_env=False, limits=limits) as client:
        for person in people[:ALONE]:
            await _logged_in(client, person)
        alone = [await _logged_in(client, person) for person in people[:ALONE]]
        return alone, await _open_loop(client, people)


async def _open_loop(client: httpx.AsyncClient, people: list[Somebody]) -> list[float]:
    """People come when they come, however long those before them still wait."""
    async with asyncio.TaskGroup() as group:
        tasks, begun = [], time.monotonic()
        for number in range(PER_SECOND * SECONDS):
            await asyncio.sleep(max(0.0, begun + number / PER_SECOND - time.monotonic()))
            tasks.append(group.create_task(_logged_in(client, people[number % len(people)])))
    return [task.result() for task in tasks]


async def _logged_in(client: httpx.AsyncClient, person: Somebody) -> float:
    """Seconds of waiting for auth: for the challenge, and for the session."""
    headers, binding = {"X-Forwarded-For": person.address}, secrets.token_urlsafe(24)
    begun = time.perf_counter()
    asked = await client.post("/challenges", json={"purpose": "login", "binding": binding}, headers=headers)
    waited = time.perf_counter() - begun
    challenge = asked.raise_for_status().json()
    signed = await asyncio.to_thread(sign_xml, challenge["xml"], person.key)
    body = {"challenge_id": challenge["challenge_id"], "binding": binding, "signed_xml": signed}
    begun = time.perf_counter()
    (await client.post("/sessions", json=body, headers=headers)).raise_for_status()
    return waited + time.perf_counter() - begun
