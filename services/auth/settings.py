"""What auth is told by its environment (prefix ZHOLDAMA_) besides what every service is."""

from ipaddress import IPv4Network, IPv6Network
from pathlib import Path

from pydantic import AnyHttpUrl, Field

from services.chassis.settings import ServiceSettings


class AuthSettings(ServiceSettings):
    """The pinned certification authority, the roads to it, and the services that may ask."""

    site: str = Field(min_length=3)
    """The site's name as a person reads it in the document to be signed at login."""
    nca_anchors: Path
    """Folder with the pinned root and issuing certificates (PEM or DER); fetched and compared by a person, never by us."""
    ocsp_url: AnyHttpUrl
    crl_url: AnyHttpUrl
    crl_delta_url: AnyHttpUrl | None = None
    nca_timeout_seconds: float = Field(default=2.0, gt=0, le=30)
    """How long one question to the certification authority may take in all; the person waits for it."""
    service_digests: dict[str, str]
    """Service name to the SHA-256 (hexadecimal) of its secret. A digest of a random secret is itself no secret."""
    session_hours: int = Field(default=12, ge=1, le=24)
    """After so long a person logs in again, whatever was done meanwhile."""
    searches_per_minute: int = Field(default=20, ge=1)
    """How often one address may search by a child's number; it bounds how fast numbers could be tried."""
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    """Networks of the site and of what stands before it: their X-Forwarded-For says who asks. Of others it is not believed."""
