"""`python -m tests.auth.corpora.fuzz [libFuzzer options]`: atheris over the verifier, led by the coverage of our own code.

It ends with 0 when nothing was found in the given number of runs (`-atheris_runs=30000`).
"""

import struct
import sys
import warnings

import atheris  # type: ignore[import-untyped, import-not-found, unused-ignore]

with atheris.instrument_imports(include=["services.auth.signature"]):
    from tests.auth.corpora.answers import bent, ensure_refused_or_the_same

_STEP = struct.Struct(">BHHB")
_MOST_STEPS = 8


def one(data: bytes) -> None:
    """Half of the inputs are changes to the honest answer, the others are documents themselves."""
    if data[:1] >= b"\x80":
        ensure_refused_or_the_same(data[1:])
        return
    count = min((len(data) - 1) // _STEP.size, _MOST_STEPS)
    ensure_refused_or_the_same(bent([_STEP.unpack_from(data, 1 + at * _STEP.size) for at in range(count)]))


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()
