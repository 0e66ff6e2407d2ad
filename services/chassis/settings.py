"""What every service is told by its environment (prefix ZHOLDAMA_). Nothing has an unsafe default."""

from datetime import time
from enum import StrEnum
from pathlib import Path
from typing import Self

from pydantic import SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Profile(StrEnum):
    """`test` allows the movable clock; `production` refuses it."""

    TEST = "test"
    PRODUCTION = "production"


class KafkaSecurity(StrEnum):
    """How the broker is spoken to; plain text is for one machine or a closed network."""

    SASL_PLAINTEXT = "SASL_PLAINTEXT"
    SASL_SSL = "SASL_SSL"


class ServiceSettings(BaseSettings):
    """Settings shared by the services."""

    model_config = SettingsConfigDict(env_prefix="ZHOLDAMA_", extra="ignore", frozen=True)

    profile: Profile
    host: str = "127.0.0.1"
    port: int
    mongo_url: SecretStr
    mongo_database: str
    kafka_bootstrap: str
    kafka_username: str
    kafka_password: SecretStr
    kafka_security: KafkaSecurity
    auth_url: str
    service_secret: SecretStr
    secrets_dir: Path
    policy_dir: Path = Path("contracts/policies")
    policy_profile: str = "almaty"
    clock_file: Path | None = None
    instance: str = "0"
    nightly_announcement: time | None = time(3)
    """The city's hour at which the topics that others follow are stated again; none: not by this process."""
    log_level: str = "INFO"

    @model_validator(mode="after")
    def _clock_is_real_in_production(self) -> Self:
        if self.clock_file is not None and self.profile is not Profile.TEST:
            raise ValueError("ZHOLDAMA_CLOCK_FILE moves time and is refused outside the test profile")
        return self
