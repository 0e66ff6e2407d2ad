"""How a parent is reached: asked at the first entry before anything else (R3), changed later at will."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace as replaced
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from starlette.responses import Response

from web.desk import Desk
from web.upstream import Away, Refused
from web.upstream.auth import Access, Me
from web.view.words import Lang
from web.visit import Visit, Visitors

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
PHONE = re.compile(r"(\+[1-9][0-9]{9,14}|8[0-9]{10})")
FILLING = re.compile(r"[ ()\-]")
REFUSED_FIELDS = {"CONTACTS_INVALID": "email", "CONSENT_REQUIRED": "consent", "INVALID_REQUEST": "email"}
SAID = frozenset({"saved", "sent", "proven"})
"""What a page may have just done before it led here; each has its sentence."""

Typed = Annotated[str, Form()]


@dataclass(frozen=True, slots=True)
class Proof:
    """One of the addresses, and whether a code has proven it."""

    address: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Answers:
    """What was typed."""

    email: str = ""
    phone: str = ""
    language: str = Lang.KK
    consent: bool = False

    def wrong(self) -> set[str]:
        """The fields that nothing could be sent to, or that say no; auth judges once more."""
        checks = {
            "email": EMAIL.fullmatch(self.email),
            "phone": not self.phone or PHONE.fullmatch(FILLING.sub("", self.phone)),
            "consent": self.consent,
        }
        return {field for field, good in checks.items() if not good}


def doors(desk: Desk, visitors: Visitors) -> APIRouter:
    """The form of the first entry, and of every change after it."""
    router = APIRouter()

    @router.get("/contacts")
    async def form(visit: Annotated[Visit, Depends(visitors.newcomer)], said: str = "") -> Response:
        return await contacts_page(visit, said=said)

    @router.post("/contacts")
    async def keep(
        visit: Annotated[Visit, Depends(visitors.newcomer)],
        email: Typed = "",
        phone: Typed = "",
        language: Annotated[Lang, Form()] = Lang.KK,
        consent: Annotated[bool, Form()] = False,
    ) -> Response:
        typed = Answers(email.strip(), phone.strip(), language, consent)
        if wrong := typed.wrong():
            return _form(visit, typed, 422, wrong=wrong)
        try:
            me = await desk.auth.me(visit.token)
            told = await desk.auth.give_contacts(visit.token, _given(typed, me))
        except Refused as refusal:
            if refusal.code not in REFUSED_FIELDS:
                raise
            return _form(visit, typed, 422, wrong={REFUSED_FIELDS[refusal.code]})
        except Away:
            return _form(visit, typed, 503, problem="problem.AWAY_AUTH")
        _kept(visit, told)
        return visit.go("applications" if me.email_required else "contacts?said=saved")

    return router


async def contacts_page(
    visit: Visit, status: int = 200, *, said: str = "", problem_at: tuple[str, str] = ("", "")
) -> Response:
    """The page as auth knows it; `problem_at`: an address, and the sentence that stands at it."""
    me = await visit.desk.auth.me(visit.token)
    return _form(
        visit, _known(me, visit.lang), status, problem="", said=said, proofs=_proofs(me), problem_at=problem_at
    )


def _proofs(me: Me) -> list[Proof]:
    """The addresses, to be proven; a newcomer gives them first."""
    if me.email_required:
        return []
    return [Proof(each, each in me.confirmed) for each in (*me.emails, *me.phones)]


def _known(me: Me, lang: Lang) -> Answers:
    return Answers(
        email=me.emails[0] if me.emails else "",
        phone=me.phones[0] if me.phones else "",
        language=me.language or lang,
        consent=not me.email_required,
    )


def _given(typed: Answers, me: Me) -> dict[str, object]:
    """What auth is told; further addresses given elsewhere stay."""
    return {
        "email": typed.email,
        "phone": typed.phone or None,
        "more_emails": me.emails[1:],
        "more_phones": me.phones[1:],
        "language": typed.language,
        "consent": typed.consent,
    }


def _kept(visit: Visit, told: Access) -> None:
    """The old access token still says that an address is missing: the new one takes its place in the session."""
    if visit.session is not None:
        visit.keep(
            replaced(
                visit.session,
                access_token=told.access_token,
                expires_at=told.expires_at,
                email_required=told.email_required,
            )
        )


def _form(
    visit: Visit,
    shown: Answers,
    status: int = 200,
    *,
    wrong: set[str] | None = None,
    problem: str = "reach.check",
    said: str = "",
    proofs: Sequence[Proof] = (),
    problem_at: tuple[str, str] = ("", ""),
) -> Response:
    return visit.page(
        "contacts.html",
        status,
        shown=shown,
        first=visit.session is not None and visit.session.email_required,
        wrong=wrong or set(),
        problem=visit.words(problem) if problem and status != HTTPStatus.OK else "",
        said=said if said in SAID else "",
        proofs=proofs,
        problem_at=problem_at,
    )
