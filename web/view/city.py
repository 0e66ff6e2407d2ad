"""Whom a parent can ask, as printed on every page (guide, head of each sheet)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Contact:
    """One line of the foot: `key` names its text, `shown` is what is dialled or written to."""

    key: str
    shown: tuple[tuple[str, str], ...]
    """Pairs of address (tel:, mailto:) and how it is written."""


CONTACTS = (
    Contact("contacts.call_centre", (("tel:1308", "1308"), ("tel:+77273388833", "338-33-88"))),
    Contact("contacts.support", (("mailto:sp.ddoalmaty@gmail.com", "sp.ddoalmaty@gmail.com"),)),
    Contact("contacts.department", (("tel:+77272622115", "262 21 15"), ("tel:+77272333239", "233-32-39"))),
)
