"""What a person may set for the commands of this package."""

from pydantic_settings import BaseSettings, SettingsConfigDict

from deploy.local.layout import DEFAULT_PORT_BASE


class LocalSettings(BaseSettings):
    """Environment of `python -m deploy.local` (prefix ZHOLDAMA_)."""

    model_config = SettingsConfigDict(env_prefix="ZHOLDAMA_", extra="ignore", frozen=True)

    port_base: int = DEFAULT_PORT_BASE
    """The number from which the ports of all processes are counted."""
    instance: str = "main"
    """Name of the instance: its folder is `.run/<name>/`."""
