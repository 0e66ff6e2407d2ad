"""What auth is told by its environment (prefix ZHOLDAMA_) besides what every service is."""

from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Self

from pydantic import AnyHttpUrl, Field, model_validator

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
    gost: bool = False
    """Whether GOST 34.310-2015 signatures are accepted beside RSA. Needs libgcrypt; read docs/gost.md before turning it on."""
    gost_crl_url: AnyHttpUrl | None = None
    """The list of the GOST issuer; without it nobody with a GOST key can log in while the OCSP responder is away."""
    gost_crl_delta_url: AnyHttpUrl | None = None
    service_digests: dict[str, str]
    """Service name to the SHA-256 (hexadecimal) of its secret. A digest of a random secret is itself no secret."""
    session_hours: int = Field(default=12, ge=1, le=24)
    """After so long a person logs in again, whatever was done meanwhile."""
    searches_per_minute: int = Field(default=20, ge=1)
    """How often one address may search by a child's number; it bounds how fast numbers could be tried."""
    challenges_per_minute: int = Field(default=60, ge=1)
    """How often one address may ask for a login challenge: a family, or a service centre behind one address."""
    logins_per_minute: int = Field(default=60, ge=1)
    """How often one address may answer a challenge; each answer costs a question to the certification authority."""
    logins_of_a_person_per_minute: int = Field(default=20, ge=1)
    """How often one person may open a session."""
    joins_per_hour: int = Field(default=30, ge=1)
    """How often one address may ask to join a child as the other parent."""
    joins_of_a_person_per_hour: int = Field(default=5, ge=1)
    """How often one person may; it bounds how fast application numbers could be tried."""
    code_minutes: int = Field(default=10, ge=1, le=60)
    """How long a code that was sent to an e-mail address or a telephone proves it."""
    codes_of_a_person_per_hour: int = Field(default=10, ge=1)
    """How often one person may have a code sent; with five tries each it bounds how fast codes could be guessed."""
    codes_to_an_address_per_hour: int = Field(default=5, ge=1)
    """How often a code may be sent to one address, whoever asks: nobody's telephone is to be flooded through us."""
    family_register_file: Path | None = None
    """CSV with the columns guardian_iin, child_iin: who is whose parent, as handed over by the register. At most one of the
    two is set; without either, guardians are always asked."""
    family_register_url: AnyHttpUrl | None = None
    """Where the register of families is asked: POST {guardian_iin, child_iin}, answered {confirmed}."""
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    """Networks of the site and of what stands before it: their X-Forwarded-For says who asks. Of others it is not believed."""

    @model_validator(mode="after")
    def _one_register(self) -> Self:
        if self.family_register_file is not None and self.family_register_url is not None:
            raise ValueError("ZHOLDAMA_FAMILY_REGISTER_FILE and ZHOLDAMA_FAMILY_REGISTER_URL exclude each other")
        return self
