"""What every double is told by its environment (prefix ``ZHOLDAMA_``)."""

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict


class DoubleSettings(BaseSettings):
    """Settings shared by all doubles; each adds its own."""

    model_config = SettingsConfigDict(env_prefix="ZHOLDAMA_", extra="ignore")

    host: str = "127.0.0.1"
    """Address to listen on; doubles are never meant for anything but this machine."""
    port: int
    """Port to listen on."""
    run_dir: Path
    """Folder of the running instance; a double writes only into its own folder there."""
    clock_file: Path | None = None
    """The test clock; absent = real time."""
