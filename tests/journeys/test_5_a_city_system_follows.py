"""Another city system follows the city's topics with the thirty-line subscriber: everything from the beginning, of nobody."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.journeys.conftest import Morning, Town

FOLLOW = Path(__file__).parents[2] / "examples" / "subscriber" / "follow.py"
SECONDS = 5.0


def followed(town: Town, topic: str) -> list[tuple[str, dict[str, object]]]:
    """What the subscriber prints of a topic: type and data."""
    kafka = town.stack.kafka("subscriber")
    environment = os.environ | {
        "KAFKA_BOOTSTRAP": kafka["bootstrap.servers"],
        "KAFKA_SECURITY": kafka["security.protocol"],
        "KAFKA_USERNAME": kafka["sasl.username"],
        "KAFKA_PASSWORD": kafka["sasl.password"],
    }
    command = [sys.executable, str(FOLLOW), topic]
    with pytest.raises(subprocess.TimeoutExpired) as stopped:
        subprocess.run(command, env=environment, capture_output=True, timeout=SECONDS, check=True)
    printed = (stopped.value.stdout or b"").decode()
    return [(line.split(" ", 3)[1], json.loads(line.split(" ", 3)[3])) for line in printed.splitlines()]


def test_the_mornings_places_are_read_from_the_beginning(town: Town, morning: Morning) -> None:
    published = [data for kind, data in followed(town, "zholdama.vacancy.place.v1") if kind.endswith("published.v1")]

    assert {data["place_id"] for data in published} >= {place.place_id for place in town.city.places}


def test_a_referral_is_announced_to_the_city_without_the_child(town: Town, morning: Morning) -> None:
    issued = [data for kind, data in followed(town, "zholdama.referral.bulletin.v1") if kind.endswith("issued.v1")]

    assert issued
    assert {name for data in issued for name in data}.isdisjoint(
        {"child_id", "application_id", "stream_id", "category"}
    )
