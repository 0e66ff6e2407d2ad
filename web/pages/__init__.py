"""The pages, by what a parent comes for."""

from collections.abc import Callable
from typing import Final

from fastapi import APIRouter

from web.desk import Desk
from web.pages import (
    card,
    choosing,
    contacts,
    documents,
    family,
    front,
    journal,
    login,
    looks,
    proofs,
    search,
    sessions,
    signing,
)
from web.visit import Visitors

Doors = Callable[[Desk, Visitors], APIRouter]

PAGES: Final[tuple[Doors, ...]] = (
    front.doors,
    login.doors,
    search.doors,
    contacts.doors,
    proofs.doors,
    sessions.doors,
    family.doors,
    looks.doors,
    journal.doors,
    card.doors,
    choosing.doors,
    signing.doors,
    documents.doors,
)
