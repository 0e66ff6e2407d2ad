"""Follows a topic of the city from its beginning and prints every fact once: `python follow.py zholdama.vacancy.place.v1`.

Needs aiokafka and the credentials you were given: KAFKA_BOOTSTRAP, KAFKA_USERNAME, KAFKA_PASSWORD, KAFKA_SECURITY.
"""

import asyncio
import json
import os
import sys

from aiokafka import AIOKafkaConsumer


async def follow(topic: str) -> None:
    """Reads for ever; the set of seen ids would be a table of your own database, written together with your effect."""
    consumer = AIOKafkaConsumer(
        topic,
        bootstrap_servers=os.environ["KAFKA_BOOTSTRAP"],
        security_protocol=os.environ.get("KAFKA_SECURITY", "SASL_SSL"),
        sasl_mechanism="SCRAM-SHA-512",
        sasl_plain_username=os.environ["KAFKA_USERNAME"],
        sasl_plain_password=os.environ["KAFKA_PASSWORD"],
        auto_offset_reset="earliest",
    )
    seen: set[str] = set()
    async with consumer:
        async for message in consumer:
            ce = {name.removeprefix("ce_"): value.decode() for name, value in message.headers}
            if ce["id"] not in seen:
                seen.add(ce["id"])
                print(
                    ce["time"],
                    ce["type"],
                    ce["subject"],
                    json.dumps(json.loads(message.value), ensure_ascii=False),
                    flush=True,
                )


if __name__ == "__main__":
    asyncio.run(follow(sys.argv[1]))
