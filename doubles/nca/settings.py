"""Settings of the certification authority's double."""

from pydantic import Field

from doubles.settings import DoubleSettings


class NcaSettings(DoubleSettings):
    """Environment of ``python -m doubles.nca``."""

    nca_url: str | None = None
    """Address written into certificates (OCSP, CRL); default: where this process listens."""
    nca_generation: str = Field(default="2019", pattern="^(2019|2022)$")
    """Which generation of the real profile leaves follow."""

    @property
    def base_url(self) -> str:
        return self.nca_url or f"http://{self.host}:{self.port}"
