"""Published examples: RFC 6986 (Streebog), GOST R 34.10-2012 appendix A.2 (the signature), RFC 7836 (the curve)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.gost_made import GENERATOR, equation, times
from services.auth.signature.gost.curve import TC26_512_A, Curve, Point
from services.auth.signature.gost.native import ensure_available, is_right, streebog512

M1 = b"012345678901234567890123456789012345678901234567890123456789012"
M2 = bytes.fromhex(
    "fbe2e5f0eee3c820fbeafaebef20fffbf0e1e0f0f520e0ed20e8ece0ebe5f0f2f120fff0eeec20f120faf2fee5e2202ce8f6f3ede220e8e6eee1e8f0f2d1202ce8f0f2e5e220e5d1"
)
EXAMPLE = Curve(
    name=b"GOST2012-512-test",
    p=int(
        "4531acd1fe0023c7550d267b6b2fee80922b14b2ffb90f04d4eb7c09b5d2d15d"
        "f1d852741af4704a0458047e80e4546d35b8336fac224dd81664bbf528be6373",
        16,
    ),
    a=7,
    b=int(
        "1cff0806a31116da29d8cfa54e57eb748bc5f377e49400fdd788b649eca1ac43"
        "61834013b2ad7322480a89ca58e0cf74bc9e540c2add6897fad0a3084f302adc",
        16,
    ),
    q=int(
        "4531acd1fe0023c7550d267b6b2fee80922b14b2ffb90f04d4eb7c09b5d2d15d"
        "a82f2d7ecb1dbac719905c5eecc423f1d86e25edbe23c595d644aaf187e6e6df",
        16,
    ),
)
EXAMPLE_GENERATOR = Point(
    int(
        "24d19cc64572ee30f396bf6ebbfd7a6c5213b3b3d7057cc825f91093a68cd762"
        "fd60611262cd838dc6b60aa7eee804e28bc849977fac33b4b530f1b120248a9a",
        16,
    ),
    int(
        "2bb312a43bd2ce6e0d020613c857acddcfbf061e91e5f2c3f32447c259f39b2c"
        "83ab156d77f1496bf7eb3351e1ee4e43dc1a18b91b24640b6dbb92cb1add371e",
        16,
    ),
)
PRIVATE = int(
    "0ba6048aadae241ba40936d47756d7c93091a0e8514669700ee7508e508b1020"
    "72e8123b2200a0563322dad2827e2714a2636b7bfd18aadfc62967821fa18dd4",
    16,
)
KEY = Point(
    int(
        "115dc5bc96760c7b48598d8ab9e740d4c4a85a65be33c1815b5c320c854621dd"
        "5a515856d13314af69bc5b924c8b4ddff75c45415c1d9dd9dd33612cd530efe1",
        16,
    ),
    int(
        "37c7c90cd40b0f5621dc3ac1b751cfa0e2634fa0503b3d52639f5d7fb72afd61"
        "ea199441d943ffe7f0c70a2759a3cdb84c114e1f9339fdf27f35eca93677beec",
        16,
    ),
)
DIGEST = int(
    "3754f3cfacc9e0615c4f4a7c4d8dab531b09b6f9c170c533a71d147035b0c591"
    "7184ee536593f4414339976c647c5d5a407adedb1d560c4fc6777d2972075b8c",
    16,
)
ONCE = int(
    "0359e7f4b1410feacc570456c6801496946312120b39d019d455986e364f3658"
    "86748ed7a44b3e794434006011842286212273a6d14cf70ea3af71bb1ae679f1",
    16,
)
R = int(
    "2f86fa60a081091a23dd795e1e3c689ee512a3c82ee0dcc2643c78eea8fcacd3"
    "5492558486b20f1c9ec197c90699850260c93bcbcd9c5c3317e19344e173ae36",
    16,
)
S = int(
    "1081b394696ffe8e6585e7a9362d26b6325f56778aadbc081c0bfbe933d52ff5"
    "823ce288e8c4f362526080df7f70ce406a6eeb1f56919cb92a9853bde73e5b4a",
    16,
)
private_keys = st.integers(min_value=1, max_value=TC26_512_A.q - 1)
digests = st.integers(min_value=0, max_value=(1 << 512) - 1)


@pytest.mark.parametrize(
    ("message", "hash_"),
    [
        (
            M1,
            (
                "486f64c1917879417fef082b3381a4e211c324f074654c38823a7b76f830ad00"
                "fa1fbae42b1285c0352f227524bc9ab16254288dd6863dccd5b9f54a1ad0541b"
            ),
        ),
        (
            M2,
            (
                "28fbc9bada033b1460642bdcddb90c3fb3e56c497ccd0f62b8a2ad4935e85f03"
                "7613966de4ee00531ae60f3b5a47f8dae06915d5f2f194996fcabf2622e6881e"
            ),
        ),
    ],
)
def test_the_hash_is_that_of_the_standard(message: bytes, hash_: str) -> None:
    """The standard prints messages and hashes from the most significant octet on; files carry them the other way."""
    ensure_available()
    written = message if message is M1 else message[::-1]
    assert streebog512(written)[::-1].hex() == hash_
    assert streebog512(bytearray(written)) == streebog512(memoryview(written)) == streebog512(written)
    assert streebog512(memoryview(bytearray(b"x" + written))[1:]) == streebog512(written)


def test_the_signature_is_that_of_the_standard() -> None:
    assert EXAMPLE.holds(KEY)
    assert times(EXAMPLE, PRIVATE, EXAMPLE_GENERATOR) == KEY
    assert equation(EXAMPLE, EXAMPLE_GENERATOR, PRIVATE, DIGEST, ONCE) == (R, S)
    assert is_right(EXAMPLE, KEY, DIGEST, R, S)


@pytest.mark.parametrize(
    ("digest", "r", "s"), [(DIGEST + 1, R, S), (DIGEST, R + 1, S), (DIGEST, R, S + 1), (DIGEST, S, R)]
)
def test_anything_changed_is_wrong(digest: int, r: int, s: int) -> None:
    assert not is_right(EXAMPLE, KEY, digest, r, s)


def test_numbers_out_of_range_are_no_signature() -> None:
    for r, s in ((0, S), (R, 0), (EXAMPLE.q, S), (R, EXAMPLE.q), (R + EXAMPLE.q, S), (R, S + EXAMPLE.q), (-R, S)):
        assert not is_right(EXAMPLE, KEY, DIGEST, r, s)


def test_a_key_beside_the_curve_is_no_key() -> None:
    for key in (Point(KEY.x, KEY.y + 1), Point(0, 0), Point(KEY.x + EXAMPLE.p, KEY.y), Point(-1, 5)):
        assert not EXAMPLE.holds(key)
        assert not is_right(EXAMPLE, key, DIGEST, R, S)


def test_the_national_curve_is_the_one_of_the_rfc() -> None:
    assert TC26_512_A.holds(GENERATOR)
    nearly = times(TC26_512_A, TC26_512_A.q - 1, GENERATOR)
    assert nearly == Point(GENERATOR.x, TC26_512_A.p - GENERATOR.y)


@settings(max_examples=12, deadline=None)
@given(private_keys, digests, private_keys)
def test_what_a_key_signs_is_right_under_it_and_under_no_other(private: int, digest: int, once: int) -> None:
    key = times(TC26_512_A, private, GENERATOR)
    r, s = equation(TC26_512_A, GENERATOR, private, digest, once)
    if r and s:
        assert is_right(TC26_512_A, key, digest, r, s)
        assert not is_right(TC26_512_A, key, digest ^ 2, r, s)
        assert not is_right(TC26_512_A, Point(key.x, TC26_512_A.p - key.y), digest, r, s)


@pytest.mark.parametrize("digest", [0, TC26_512_A.q, 1, TC26_512_A.q - 1, (1 << 512) - 1])
def test_a_hash_that_is_zero_modulo_the_order_counts_as_one(digest: int) -> None:
    key = times(TC26_512_A, 7, GENERATOR)
    assert is_right(TC26_512_A, key, digest, *equation(TC26_512_A, GENERATOR, 7, digest, 11))
