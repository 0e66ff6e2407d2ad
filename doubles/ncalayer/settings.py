"""Settings of the NCALayer double."""

from pathlib import Path

from doubles.settings import DoubleSettings


class NcalayerSettings(DoubleSettings):
    """Environment of ``python -m doubles.ncalayer``."""

    nca_url: str
    """Where the people's keys come from: the certification authority's double."""
    ncalayer_certificate: Path | None = None
    """Certificate of the listener (PEM); with the key it serves wss as the real program does, else plain ws."""
    ncalayer_key: Path | None = None
    """Its private key (PEM)."""
