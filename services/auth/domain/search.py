"""The search that needs no login: who asks, and how often one may.

One who asks is an address. In IPv6 a household is given a whole /64, so all of it counts as one.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from services.auth.domain.refusals import TooManyRequests

WINDOW = timedelta(minutes=1)
"""Requests are counted within one minute of the clock."""

Network = IPv4Network | IPv6Network

_HOUSEHOLD_BITS = 64


def asker(peer: str, forwarded: Sequence[str], proxies: Sequence[Network]) -> str:
    """The address that asks: the nearest one that is not a proxy of ours.

    `forwarded` is what X-Forwarded-For tells, the nearest last. It is believed only as far as our own proxies wrote it:
    whoever stands before them may have written anything.
    """
    nearest = peer
    for text in reversed([*forwarded, peer]):
        address = _address(text)
        if address is None:
            break
        nearest = _household(address)
        if not any(address in proxy for proxy in proxies):
            break
    return nearest


def window_of(now: datetime) -> int:
    """The number of the minute in which something is asked."""
    return int(now.timestamp() // WINDOW.total_seconds())


def ensure_seldom(asked: int, limit: int, now: datetime) -> None:
    """Raises TooManyRequests when this is more than the `limit` times in the present minute."""
    if asked > limit:
        seconds = WINDOW.total_seconds()
        raise TooManyRequests(timedelta(seconds=seconds - now.timestamp() % seconds))


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text.strip())
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _household(address: IPv4Address | IPv6Address) -> str:
    if isinstance(address, IPv6Address):
        return str(IPv6Network((int(address), _HOUSEHOLD_BITS), strict=False))
    return str(address)
