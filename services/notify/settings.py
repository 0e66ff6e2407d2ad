"""What notify is told by its environment (prefix ZHOLDAMA_) besides what every service is."""

from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator

from services.chassis.policy import PolicySection
from services.chassis.settings import Profile, ServiceSettings


class NotifyPolicy(PolicySection):
    """The city's rules of telling."""

    unreported_minutes: int
    """So long a message may reach nobody before that is reported (R44)."""


class NotifySettings(ServiceSettings):
    """The mail server, the SMS provider and the words that depend on the city."""

    smtp_host: str
    smtp_port: int
    smtp_security: Literal["none", "starttls", "tls"]
    """`none` only where the mail server is on the same machine."""
    smtp_username: str | None = None
    smtp_password: SecretStr | None = None
    mail_from: str = Field(pattern=r"^[^@\s<>]+@[^@\s<>]+$")
    mail_from_name: str = Field(min_length=1)
    twilio_url: str = "https://api.twilio.com"
    twilio_account_sid: str
    twilio_auth_token: SecretStr
    sms_from: str = Field(min_length=1)
    """A number, a registered sender's name, or a messaging service (MG...)."""
    cabinet_url: str
    """Where a parent logs in; stands in e-mails."""
    sms_link: str
    """The same, short enough for one SMS segment."""
    support_contact: str
    """Whom a parent asks, as it is to be read in a message."""

    @model_validator(mode="after")
    def _mail_is_protected_in_production(self) -> Self:
        if self.profile is Profile.PRODUCTION and self.smtp_security == "none" and self.smtp_host not in _OWN_MACHINE:
            raise ValueError("ZHOLDAMA_SMTP_SECURITY=none sends families' mail in clear text over a network")
        return self


_OWN_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})
