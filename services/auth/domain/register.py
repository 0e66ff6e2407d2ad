"""The register of families, as joining a second parent asks it. The real one is another organisation's."""

from typing import Protocol

from services.auth.domain.iin import Iin


class RegisterUnreachable(Exception):
    """The register gave no answer that could be read; the first parent is asked instead."""


class FamilyRegister(Protocol):
    """Who is whose parent."""

    async def confirms(self, guardian: Iin, child: Iin) -> bool:
        """Whether the register names this person as parent or guardian of this child; raises RegisterUnreachable."""


class NoRegister:
    """A city without access to a register: it confirms nobody."""

    async def confirms(self, guardian: Iin, child: Iin) -> bool:  # noqa: ARG002 - the port's signature
        """Never."""
        return False
