"""The tokens auth signs: for a person in session, for a service, and short sentences about a person.

RS256 with a 2048-bit key: every service checks a token at every request, and RSA verifies several times faster than the
elliptic curves. Times are business time.
"""

import base64
import hashlib
import json
from datetime import datetime, timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from services.chassis.security import AUDIENCE, ISSUER, Keys

ACCESS_LIFE = timedelta(minutes=5)
SERVICE_LIFE = timedelta(minutes=10)
STATEMENT_LIFE = timedelta(minutes=5)


class Mint:
    """Signs tokens with the one signing key."""

    def __init__(self, key: rsa.RSAPrivateKey) -> None:
        self._key = key
        public = jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
        self.kid = _thumbprint(public)
        self._public = {"kty": public["kty"], "n": public["n"], "e": public["e"]}

    def jwks(self) -> dict[str, Any]:
        """The public key set (RFC 7517 5)."""
        return {"keys": [self._public | {"kid": self.kid, "use": "sig", "alg": "RS256"}]}

    def access(self, subject: str, claims: dict[str, Any], now: datetime) -> str:
        """A token of a person in session."""
        return self._signed("access", subject, claims, now, ACCESS_LIFE)

    def service(self, name: str, now: datetime) -> str:
        """A token of a service."""
        return self._signed("service", f"service:{name}", {}, now, SERVICE_LIFE)

    def statement(self, subject: str, purpose: str, claims: dict[str, Any], now: datetime) -> str:
        """A sentence about a person, for one purpose, that the receiver believes without asking."""
        return self._signed("statement", subject, claims | {"purpose": purpose}, now, STATEMENT_LIFE)

    def _signed(self, typ: str, subject: str, claims: dict[str, Any], now: datetime, life: timedelta) -> str:
        frame = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "typ": typ,
            "sub": subject,
            "iat": int(now.timestamp()),
            "exp": int((now + life).timestamp()),
        }
        return jwt.encode(claims | frame, self._key, "RS256", headers={"kid": self.kid})


class OwnKeys(Keys):
    """The key set as auth itself checks tokens by it: its own, not asked for over the network."""

    def __init__(self, mint: Mint) -> None:
        super().__init__("")
        self._own = {mint.kid: jwt.PyJWK(mint.jwks()["keys"][0])}

    async def get(self, kid: str) -> jwt.PyJWK | None:
        """The key of an id."""
        return self._own.get(kid)


def _thumbprint(public: dict[str, Any]) -> str:
    """The key's id (RFC 7638)."""
    told = json.dumps({name: public[name] for name in ("e", "kty", "n")}, separators=(",", ":"), sort_keys=True)
    return base64.urlsafe_b64encode(hashlib.sha256(told.encode()).digest()).rstrip(b"=").decode()
