"""What the cabinet is told by its environment (prefix ZHOLDAMA_). Nothing has an unsafe default."""

from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from cryptography.fernet import Fernet, MultiFernet
from pydantic import model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.chassis.settings import Profile


class WebSettings(BaseSettings):
    """Settings of the cabinet."""

    model_config = SettingsConfigDict(env_prefix="ZHOLDAMA_", extra="ignore", frozen=True)

    profile: Profile
    host: str = "127.0.0.1"
    port: int
    auth_url: str
    queue_url: str
    vacancy_url: str
    referral_url: str
    secrets_dir: Path
    """Holds `cookie_keys`: Fernet keys, one a line; the first one seals, all of them open."""
    vendor_dir: Path = Path(".vendor")
    """Where the browser libraries of `web/vendor.json` lie."""
    ncalayer_url: str = "wss://127.0.0.1:13579/"
    """Where the parent's browser finds NCALayer; the only foreign address a page may speak to."""
    keys_page: str = ""
    """Test profile: the page where one chooses whose invented key signs."""
    secure_cookies: bool = True
    clock_file: Path | None = None
    log_level: str = "INFO"

    @model_validator(mode="after")
    def _nothing_invented_in_production(self) -> Self:
        if self.profile is not Profile.TEST and (self.clock_file or self.keys_page or not self.secure_cookies):
            raise ValueError(
                "ZHOLDAMA_CLOCK_FILE, ZHOLDAMA_KEYS_PAGE and open cookies are refused outside the test profile"
            )
        return self

    @property
    def ncalayer_origin(self) -> str:
        """The origin of NCALayer, as a content security policy names it."""
        parts = urlsplit(self.ncalayer_url)
        return f"{parts.scheme}://{parts.netloc}"

    def seals(self) -> MultiFernet:
        """The keys that seal the session cookie. ValueError when the file holds none."""
        words = (self.secrets_dir / "cookie_keys").read_text().split()
        if not words:
            raise ValueError("cookie_keys holds no key")
        return MultiFernet([Fernet(word) for word in words])
