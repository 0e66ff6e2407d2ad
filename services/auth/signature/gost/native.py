"""Streebog-512 and the signature equation, computed by libgcrypt (GNU; part of every Debian system).

The library is found when it is first needed. It is handed octets of checked length, never a text a stranger has written.
"""

import ctypes
from functools import cache

from services.auth.signature.gost.curve import Curve, Point

DIGEST_OCTETS = 64
_NAME = "libgcrypt.so.20"
_LEAST_VERSION = b"1.9.0"
_STREEBOG_512 = 310
_TEST_ALGORITHM = 8
_INITIALIZATION_FINISHED = 38
_BAD_SIGNATURE = 8
_CODE = 0xFFFF
"""An error of the library carries its source in the upper half and its code in the lower one."""

Octets = bytes | bytearray | memoryview


class GostUnavailable(Exception):
    """The library is missing, too old, or forbidden to compute the algorithm: for the operator to hear at the start."""


def ensure_available() -> None:
    """Raises GostUnavailable."""
    _library()


def streebog512(octets: Octets) -> bytes:
    """The hash (RFC 6986), least significant octet first, as documents and certificates carry it."""
    digest = ctypes.create_string_buffer(DIGEST_OCTETS)
    content = octets if isinstance(octets, bytes) else _borrowed(memoryview(octets))
    _library().gcry_md_hash_buffer(_STREEBOG_512, digest, content, len(octets))
    return digest.raw


def is_right(curve: Curve, key: Point, digest: int, r: int, s: int) -> bool:
    """The equation of GOST R 34.10-2012 6.2 (RFC 7091 6.2).

    Range checks are made here: numbers out of range are simply no signature, and a key beside the curve is no key.
    """
    if not (0 < r < curve.q and 0 < s < curve.q and curve.holds(key)):
        return False
    size = curve.octets
    point = b"\x04" + key.x.to_bytes(size, "big") + key.y.to_bytes(size, "big")
    made: list[ctypes.c_void_p] = []
    try:
        made.append(_expression(b"(sig-val(gost(r %b)(s %b)))", [r.to_bytes(size, "big"), s.to_bytes(size, "big")]))
        made.append(_expression(b"(data(flags gost)(value %b))", [digest.to_bytes(size, "big")]))
        made.append(_expression(b"(public-key(ecc(curve " + curve.name + b")(q %b)))", [point]))
        outcome = int(_library().gcry_pk_verify(*made)) & _CODE
    finally:
        for each in made:
            _library().gcry_sexp_release(each)
    if outcome not in {0, _BAD_SIGNATURE}:
        raise GostUnavailable(f"libgcrypt answers {outcome}")
    return outcome == 0


def _expression(form: bytes, values: list[bytes]) -> ctypes.c_void_p:
    """An S-expression of the library; every `%b` takes a length and a place of octets."""
    sizes = [ctypes.c_int(len(value)) for value in values]
    places = [ctypes.c_char_p(value) for value in values]
    told = (ctypes.c_void_p * (2 * len(values)))()
    for at, (size, place) in enumerate(zip(sizes, places, strict=True)):
        told[2 * at] = ctypes.addressof(size)
        told[2 * at + 1] = ctypes.addressof(place)
    made = ctypes.c_void_p()
    outcome = _library().gcry_sexp_build_array(ctypes.byref(made), None, form, told)
    if outcome:
        raise GostUnavailable(f"libgcrypt answers {outcome & _CODE}")
    return made


def _borrowed(view: memoryview) -> object:
    """The octets where they lie, when they may be written there; else a copy."""
    return bytes(view) if view.readonly else (ctypes.c_char * len(view)).from_buffer(view)


@cache
def _library() -> ctypes.CDLL:
    try:
        library = ctypes.CDLL(_NAME)
    except OSError:
        raise GostUnavailable(f"{_NAME} is not installed (Debian: libgcrypt20)") from None
    pointer, number = ctypes.c_void_p, ctypes.c_uint
    for name, takes, gives in (
        ("gcry_check_version", [ctypes.c_char_p], ctypes.c_char_p),
        ("gcry_control", [ctypes.c_int], number),
        ("gcry_md_algo_info", [ctypes.c_int, ctypes.c_int, pointer, pointer], number),
        ("gcry_md_hash_buffer", [ctypes.c_int, pointer, pointer, ctypes.c_size_t], None),
        ("gcry_sexp_build_array", [pointer, pointer, ctypes.c_char_p, pointer], number),
        ("gcry_sexp_release", [pointer], None),
        ("gcry_pk_verify", [pointer, pointer, pointer], number),
    ):
        function = getattr(library, name)
        function.argtypes, function.restype = takes, gives
    if library.gcry_check_version(_LEAST_VERSION) is None:
        raise GostUnavailable(f"{_NAME} is older than {_LEAST_VERSION.decode()}")
    library.gcry_control(_INITIALIZATION_FINISHED, 0)
    if library.gcry_md_algo_info(_STREEBOG_512, _TEST_ALGORITHM, None, None):
        raise GostUnavailable(f"{_NAME} does not compute Streebog here")
    return library
