"""Settings of the Twilio double."""

from pydantic import SecretStr

from doubles.settings import DoubleSettings


class TwilioSettings(DoubleSettings):
    """Environment of ``python -m doubles.twilio``."""

    twilio_account_sid: str
    """The only account that exists; user name of the basic authentication."""
    twilio_auth_token: SecretStr
    """Its password."""
