"""The service itself refuses to start with an authority nobody has compared, or with a test one."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from services.auth.store.secrets import make_secrets
from tests.auth.hands import Hands
from tests.auth.signature.test_trust import ONE, listed, put


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Everything the service is told, in earnest; no engine answers at these addresses."""
    make_secrets(tmp_path / "secrets")
    told = {
        "PROFILE": "production",
        "PORT": "1",
        "MONGO_URL": "mongodb://127.0.0.1:9/?serverSelectionTimeoutMS=100",
        "MONGO_DATABASE": "zholdama_auth",
        "KAFKA_BOOTSTRAP": "127.0.0.1:9",
        "KAFKA_USERNAME": "auth",
        "KAFKA_PASSWORD": "x",
        "KAFKA_SECURITY": "SASL_PLAINTEXT",
        "AUTH_URL": "http://127.0.0.1:9",
        "SERVICE_SECRET": "x",
        "SECRETS_DIR": str(tmp_path / "secrets"),
        "SITE": "zholdama.test",
        "NCA_ANCHORS": str(tmp_path / "anchors"),
        "OCSP_URL": "http://127.0.0.1:9/ocsp/",
        "CRL_URL": "http://127.0.0.1:9/crl/",
        "SERVICE_DIGESTS": json.dumps({"referral": hashlib.sha256(b"x").hexdigest()}),
    }
    return {"PATH": os.environ["PATH"]} | {f"ZHOLDAMA_{name}": value for name, value in told.items()}


def started(environment: dict[str, str]) -> str:
    words = [sys.executable, "-m", "services.auth", "announce"]
    result = subprocess.run(words, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert result.returncode == 1
    return result.stderr


def test_a_test_authority_stops_the_start(hands: Hands, environment: dict[str, str], tmp_path: Path) -> None:
    put(tmp_path / "anchors", (hands.authority.root, hands.authority.issuing))
    listed(tmp_path / "anchors", (hands.authority.root, hands.authority.issuing))
    assert started(environment).startswith("auth cannot start: issuing.pem, root.pem: a test authority")


def test_certificates_without_fingerprints_stop_the_start(environment: dict[str, str], tmp_path: Path) -> None:
    put(tmp_path / "anchors", ONE)
    said = started(environment)
    assert said.startswith("auth cannot start: ")
    assert "FINGERPRINTS is missing" in said
