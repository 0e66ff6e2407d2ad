"""The elliptic curve of the national 512-bit keys: y^2 = x^3 + ax + b modulo p, a group of prime order q."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Point:
    """A point in affine coordinates."""

    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Curve:
    """Domain parameters; `name` is how libgcrypt knows them."""

    name: bytes
    p: int
    a: int
    b: int
    q: int

    @property
    def octets(self) -> int:
        """Octets of a coordinate and of either half of a signature."""
        return (self.p.bit_length() + 7) // 8

    def holds(self, point: Point) -> bool:
        """True for a point of the curve. The order is prime, so every such point is of that order."""
        x, y = point.x, point.y
        return 0 <= x < self.p and 0 <= y < self.p and (y * y - x * x * x - self.a * x - self.b) % self.p == 0


_P = (1 << 512) - 569
TC26_512_A = Curve(
    name=b"GOST2012-512-tc26-A",
    p=_P,
    a=_P - 3,
    b=int(
        "E8C2505DEDFC86DDC1BD0B2B6667F1DA34B82574761CB0E879BD081CFD0B6265"
        "EE3CB090F30D27614CB4574010DA90DD862EF9D4EBEE4761503190785A71C760",
        16,
    ),
    q=int(
        "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"
        "27E69532F48D89116FF22B8D4E0560609B4B38ABFAD2B85DCACDB1411F10B275",
        16,
    ),
)
"""id-tc26-gost-3410-12-512-paramSetA (RFC 7836 appendix A.2); in Kazakhstan 1.2.398.3.10.1.1.2.2.1."""
