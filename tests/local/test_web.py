"""The cabinet in an instance: which processes are asked for, and what it is told."""

from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from deploy.local.layout import OFFSETS
from deploy.local.stack import NAMES, Stack


def test_the_cabinet_is_told_its_own_secrets_and_where_the_services_are(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    stack = Stack(tmp_path_factory.mktemp("run"), 20000)
    told = stack.environment("web")
    assert told["ZHOLDAMA_AUTH_URL"] == "http://127.0.0.1:20001"
    assert told["ZHOLDAMA_NCALAYER_URL"] == "ws://127.0.0.1:20021/"
    assert "ZHOLDAMA_MONGO_URL" not in told
    keys = Path(told["ZHOLDAMA_SECRETS_DIR"]) / "cookie_keys"
    first = keys.read_text()
    Fernet(first)
    assert keys.stat().st_mode & 0o077 == 0
    assert stack.environment("web") == told
    assert keys.read_text() == first


def test_no_two_processes_share_a_port_and_the_cabinet_is_one_of_the_names() -> None:
    assert len(set(OFFSETS.values())) == len(OFFSETS)
    assert "web" in NAMES
