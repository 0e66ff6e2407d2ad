"""A Merkle tree over digests as in RFC 6962, 2.1: a leaf and an inner node can never be mistaken for one another."""

from collections.abc import Sequence
from hashlib import sha256


def leaf(data: bytes) -> bytes:
    """Digest of a leaf: SHA-256(0x00 || data)."""
    return sha256(b"\x00" + data).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """Head of the tree over digests of leaves; of an empty one it is SHA-256 of nothing (RFC 6962, 2.1)."""
    if not leaves:
        return sha256().digest()
    level = list(leaves)
    while len(level) > 1:
        paired = [_node(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = paired + level[len(paired) * 2 :]
    return level[0]


def path(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    """The audit path of a leaf, from its neighbour up to the head (RFC 6962, 2.1.1)."""
    if len(leaves) <= 1:
        return []
    half = _half(len(leaves))
    if index < half:
        return [*path(index, leaves[:half]), root(leaves[half:])]
    return [*path(index - half, leaves[half:]), root(leaves[:half])]


def root_by(digest: bytes, index: int, size: int, way: Sequence[bytes]) -> bytes | None:
    """The head that a leaf's digest and its audit path lead to; None when the path cannot be of such a tree."""
    if size <= 1:
        return digest if size == 1 and index == 0 and not way else None
    if not way or not 0 <= index < size:
        return None
    half = _half(size)
    if index < half:
        below = root_by(digest, index, half, way[:-1])
        return None if below is None else _node(below, way[-1])
    below = root_by(digest, index - half, size - half, way[:-1])
    return None if below is None else _node(way[-1], below)


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def _half(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << ((size - 1).bit_length() - 1)
