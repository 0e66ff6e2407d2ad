"""Speaking and hearing on Kafka: CloudEvents in binary mode, acknowledgement after the effect, nothing lost and nothing stuck.

A message ends in one of four ways, and only then is its offset committed: handled; passed over (a known fact this service does
not use, an already known state); parked until its cause is heard; or put aside as a dead letter with its reason. What may heal
is tried again in place with back-off, at most 30 seconds a message. A burst of dead letters stops the consumer instead of
pouring the topic away.
"""

from services.chassis.kafka.broker import open_broker, publish_entry, wait_for_topics
from services.chassis.kafka.following import Follower, Following, Subjects
from services.chassis.kafka.hearing import Heard, Hearing, Told
from services.chassis.kafka.listener import POISON_LIMIT, Listener

__all__ = [
    "POISON_LIMIT",
    "Follower",
    "Following",
    "Heard",
    "Hearing",
    "Listener",
    "Subjects",
    "Told",
    "open_broker",
    "publish_entry",
    "wait_for_topics",
]
