"""Who asks, where nobody has logged in yet: an address.

In IPv6 a household is given a whole /64, so all of it counts as one.
"""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Network = IPv4Network | IPv6Network

_HOUSEHOLD_BITS = 64
_PROVIDER_BITS = {4: 16, 6: 32}


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


def stranger(peer: str, forwarded: Sequence[str], proxies: Sequence[Network]) -> str | None:
    """The address that asks, or None when nobody but our own is named: the site itself is not one household."""
    nearest = asker(peer, forwarded, proxies)
    address = _address(nearest)
    return None if address is not None and any(address in proxy for proxy in proxies) else nearest


def network_of(asker: str) -> str:
    """The provider's network an asker comes from: coarse, because a telephone changes its address from hour to hour."""
    nearest = _address(asker.partition("/")[0])
    if nearest is None:
        return ""
    bits = _PROVIDER_BITS[nearest.version]
    network = (IPv6Network if isinstance(nearest, IPv6Address) else IPv4Network)((int(nearest), bits), strict=False)
    return str(network)


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
