"""The subscriber that the guide hands out follows a city topic on the real broker, and may read no other."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from contracts.vacancy import PublishedV1
from deploy.local.stack import Stack
from services.chassis.testing import Speaker

FOLLOW = Path(__file__).parents[2] / "examples" / "subscriber" / "follow.py"


def environment(stack: Stack) -> dict[str, str]:
    kafka = stack.kafka("subscriber")
    return os.environ | {
        "KAFKA_BOOTSTRAP": kafka["bootstrap.servers"],
        "KAFKA_SECURITY": kafka["security.protocol"],
        "KAFKA_USERNAME": kafka["sasl.username"],
        "KAFKA_PASSWORD": kafka["sasl.password"],
        "PYTHONUNBUFFERED": "1",
    }


def follow(stack: Stack, topic: str, seconds: float) -> str:
    """What the subscriber prints before it is stopped."""
    command = [sys.executable, str(FOLLOW), topic]
    try:
        done = subprocess.run(
            command, env=environment(stack), capture_output=True, text=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired as stopped:
        return (stopped.stdout or b"").decode()
    return done.stdout + done.stderr


async def test_a_newcomer_reads_from_the_beginning_and_each_fact_once(stack: Stack) -> None:
    place_id = str(uuid4())
    fact = PublishedV1(
        place_id=place_id,
        organisation_id=str(uuid4()),
        stream_id="almaty:correctional:SPEECH:2021",
        group_year=2021,
        language="kk",
        place_type="GENERAL_USE",
        state="PUBLISHED_PRIORITY",
        mode="PRIORITY",
    )
    async with Speaker("vacancy", stack.environment("vacancy")) as speaker:
        await speaker.say(fact, at=datetime(2026, 12, 1, 2, 0, tzinfo=UTC), times=2)

    said = [line for line in follow(stack, fact.topic, 5).splitlines() if place_id in line]

    assert len(said) == 1
    assert said[0].startswith(f"2026-12-01T02:00:00Z vacancy.place.published.v1 {place_id} ")


async def test_the_citys_user_may_read_no_inner_topic(stack: Stack) -> None:
    said = follow(stack, "zholdama.queue.application.v1", 5)

    assert "child_id" not in said
    assert "Authorization" in said
