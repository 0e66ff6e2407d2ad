"""Settings of the NCALayer double."""

from pathlib import Path
from typing import Self

from pydantic import model_validator

from doubles.settings import DoubleSettings


class NcalayerSettings(DoubleSettings):
    """Environment of ``python -m doubles.ncalayer``."""

    nca_url: str
    """Where the people's keys come from: the certification authority's double."""
    ncalayer_handle: str | None = None
    """Who sits at the keyboard of this computer at first: one of the authority's people."""
    ncalayer_wss_port: int | None = None
    """Where it listens a second time, with TLS as the real program does."""
    ncalayer_certificate: Path | None = None
    """Certificate of that listener (PEM); without it one for this computer is made, with a root of its own."""
    ncalayer_key: Path | None = None
    """Its private key (PEM)."""

    @model_validator(mode="after")
    def _certificate_with_its_key(self) -> Self:
        if (self.ncalayer_certificate is None) != (self.ncalayer_key is None):
            raise ValueError("ZHOLDAMA_NCALAYER_CERTIFICATE and ZHOLDAMA_NCALAYER_KEY go together")
        return self
