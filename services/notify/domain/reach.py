"""Where a message goes, as auth tells it at the moment of sending."""

from dataclasses import dataclass, field

from services.notify.domain.sending import Recipient


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom a message goes to at this moment, and the code it carries, if it carries one; neither is kept."""

    recipients: tuple[Recipient, ...]
    confirmation_code: str | None = field(default=None, repr=False)
