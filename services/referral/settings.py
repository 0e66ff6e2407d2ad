"""What referral is told by its environment (prefix ZHOLDAMA_) besides what every service is, and its policy section."""

from pathlib import Path

from pydantic import Field, HttpUrl

from services.chassis.policy import PolicySection
from services.chassis.settings import ServiceSettings


class ReferralSettings(ServiceSettings):
    """The authority's key, the public address, and the file with the key that seals documents.

    `SECRETS_DIR/documents.key` holds 64 hexadecimal digits (AES-256); keys of earlier times lie beside it as
    `documents.*.key` and are only read with.
    """

    public_url: HttpUrl
    """Where families and checkers reach the city's site; stands in the QR and in every signed choice."""
    authority_store: Path
    """PKCS#12 with the authority's key and certificates."""
    authority_password_file: Path
    authority_is_real: bool = False
    """False prints SAMPLE across the page; true claims equality with paper (law 370-II, article 7)."""
    tsa_url: str | None = None
    """A time-stamp authority makes the seal B-T instead of B-B."""
    auth_timeout_seconds: float = Field(default=15.0, gt=0, le=60)
    """How long one question to auth may take: a signature is checked with OCSP behind it."""


class ReferralPolicy(PolicySection):
    """The rules of a city about referrals."""

    referral_days: int = Field(ge=1)
    """Working days a referral is valid; the day of issue never counts (R33)."""
    received_limit_hours: int = Field(ge=1)
    """How long a received signature may wait for its verdict."""
    stop_list_days: int = Field(default=10, ge=0)
    """Calendar days, printed as a warning (R35)."""
    number_prefix: str = Field(default="ALM", pattern=r"^[A-Z]{2,5}$")
    """Begins the number of every referral of the city."""
    issuer_kk: str = "Алматы қаласы Білім басқармасы"
    issuer_ru: str = "Управление образования города Алматы"
    legal_basis_kk: str = (
        "Негізі: Мектепке дейінгі білім беру саласындағы мемлекеттік қызметтер көрсету қағидалары "
        "(ҚР БҒМ 19.06.2020 № 254 бұйрығы)"
    )
    legal_basis_ru: str = (
        "Основание: Правила оказания государственных услуг в сфере дошкольного образования "
        "(приказ МОН РК от 19.06.2020 № 254)"
    )
