"""Order over HTTP: /applications/{id}/position; yardstick: a door of the same process that only checks the token.

500 families look again and again over 16 connections that stay open; ORDER_SERVED says how many wait (50,000).
"""

import asyncio
import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.figures import row
from deploy.local.layout import ROOT
from deploy.local.stack import Stack
from deploy.local.temporary import free_port_base, temporary_stack

COUNT = int(os.environ.get("ORDER_SERVED", "50000"))
CONNECTIONS = 16
SECONDS = 5.0
ROUNDS = 3
PROMISED = 0.5
START_SECONDS = 300.0


def main() -> None:
    """Both doors in turn; the first look of each family goes to the engine and is made before."""
    with temporary_stack("bench") as stack, TemporaryDirectory() as folder:
        stack.up_engines()
        port, told = free_port_base(), Path(folder) / "families.json"
        serving = _serve(stack, port, told)
        try:
            asyncio.run(_measured(port, told))
        finally:
            serving.terminate()
            serving.wait(30)


def _serve(stack: Stack, port: int, told: Path) -> "subprocess.Popen[bytes]":
    environment = os.environ | dict(stack.environment("queue")) | {"ZHOLDAMA_LOG_LEVEL": "WARNING"}
    words = [sys.executable, "-m", "benchmarks.order_served", str(port), str(COUNT), str(told)]
    return subprocess.Popen(words, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)


async def _measured(port: int, told: Path) -> None:
    families = await _ready(port, told)
    doors = {name: _requests(families, name) for name in ("nothing", "position")}
    for requests in doors.values():
        await _load(port, requests, 1.0)
    rates: dict[str, list[float]] = {name: [] for name in doors}
    times: dict[str, list[float]] = {name: [] for name in doors}
    for _ in range(ROUNDS):
        for name, requests in doors.items():
            taken = await _load(port, requests, SECONDS)
            rates[name].append(len(taken) / SECONDS)
            times[name] += taken
    row("token check and nothing else", times["nothing"])
    row("position", times["position"])
    ours, yardstick = (sorted(rates[name])[ROUNDS // 2] for name in ("position", "nothing"))
    print(f"  {'requests a second':<34} {ours:8.0f}, of the yardstick {yardstick:.0f}")
    print(f"  {'over HTTP':<34} {ours / yardstick:8.2f} x the yardstick   (promised: at least {PROMISED})")


async def _ready(port: int, told: Path) -> list[dict[str, Any]]:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        await asyncio.sleep(0.5)
        if not told.exists():
            continue
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            continue
        writer.write(b"GET /readyz HTTP/1.1\r\nHost: queue\r\n\r\n")
        line = await reader.readline()
        writer.close()
        if b" 200 " in line:
            found: list[dict[str, Any]] = json.loads(told.read_text(encoding="utf-8"))
            return found
    raise RuntimeError("the service did not become ready")


def _requests(families: list[dict[str, Any]], door: str) -> list[bytes]:
    return [
        f"GET /applications/{each['id']}/{door} HTTP/1.1\r\nHost: queue\r\n"
        f"Authorization: {each['headers']['Authorization']}\r\n\r\n".encode()
        for each in families
    ]


async def _load(port: int, requests: list[bytes], seconds: float) -> list[float]:
    until = time.perf_counter() + seconds
    taken = await asyncio.gather(*(_one(port, requests, until, seed) for seed in range(CONNECTIONS)))
    return [each for some in taken for each in some]


async def _one(port: int, requests: list[bytes], until: float, seed: int) -> list[float]:
    dice, taken = random.Random(seed), []
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while (begun := time.perf_counter()) < until:
        writer.write(dice.choice(requests))
        head = await reader.readuntil(b"\r\n\r\n")
        if b" 200 " not in head.split(b"\r\n", 1)[0]:
            raise RuntimeError(head.decode() + (await reader.read(400)).decode())
        length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        await reader.readexactly(int(length.partition(b":")[2]))
        taken.append(time.perf_counter() - begun)
    writer.close()
    return taken
