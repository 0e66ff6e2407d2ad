"""What every fact is wrapped in: CloudEvents 1.0, Kafka binary mode, JSON data."""

from abc import ABC, abstractmethod
from typing import ClassVar

from pydantic import BaseModel, ConfigDict, SerializeAsAny

from contracts.fields import Count, Moment


class Fact(BaseModel, ABC):
    """Something that has happened, as its producer says it to others.

    A reader ignores fields that it does not know, so adding an optional one is not a new version.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    type: ClassVar[str]
    """`<domain>.<aggregate>.<fact>.v<N>`"""
    topic: ClassVar[str]
    """`zholdama.<domain>.<aggregate>.v<N>`"""

    @abstractmethod
    def key(self) -> str:
        """The Kafka key: facts with one key keep their order."""

    @abstractmethod
    def subject(self) -> str:
        """The aggregate whose `sequence` counts the fact."""


class Envelope(BaseModel):
    """A fact on its way.

    A header is `ce_` and the CloudEvents name; `traceparent` stands unprefixed (W3C Trace Context).
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    """The same for every repetition of the message: a reader that has seen it may drop it."""
    source: str
    """`/zholdama/<service>`."""
    type: str
    subject: str
    time: Moment
    """When it happened, in business time; never the time of sending."""
    sequence: Count
    """Counts the changes of the subject; `stated` repeats the number of the last one."""
    traceparent: str | None = None
    key: str
    data: SerializeAsAny[Fact]
