"""The document that a parent signs to leave the queue («Кезектен алу», R12)."""

from dataclasses import replace
from datetime import datetime
from xml.sax.saxutils import escape

from services.queue.domain.application import Application, Departure, is_choosing
from services.queue.domain.refusals import ChoiceInProgress, NothingToSign, NotInQueue
from services.queue.domain.statuses import LEAVABLE
from services.queue.domain.words import PersonId

NAMESPACE = "urn:zholdama:removal:1"
"""One namespace per purpose: a signature over a removal can never be taken for a choice or a login."""

_QUESTION = {
    "kk": "Сіз шын мәнінде баланы кезектен алғыңыз келе ме?",
    "ru": "Вы действительно хотите снять ребёнка с очереди?",
}


def asked(application: Application, by: PersonId, at: datetime, until: datetime, nonce: str, rules: str) -> Application:
    """The application with a document to sign; one that was asked for before is worth nothing any more.

    Refused: NOT_IN_QUEUE, CHOICE_IN_PROGRESS.
    """
    if application.status not in LEAVABLE:
        raise NotInQueue
    if is_choosing(application):
        raise ChoiceInProgress
    return replace(application, departure=Departure(_document(application, at, until, nonce, rules), by, until))


def to_sign(application: Application, by: PersonId, now: datetime) -> str:
    """The octets that this guardian was given and may still sign. Refused: NOTHING_TO_SIGN."""
    departure = application.departure
    if departure is None or departure.asked_by != by or departure.until <= now:
        raise NothingToSign
    return departure.document


def _document(application: Application, at: datetime, until: datetime, nonce: str, rules: str) -> str:
    """Canonical XML 1.0: no declaration, no blanks, attributes in order."""
    questions = "".join(f'<question language="{each}">{escape(text)}</question>' for each, text in _QUESTION.items())
    return (
        f'<removal xmlns="{NAMESPACE}" version="1">'
        f"<application>{application.application_id}</application><number>{application.application_number}</number>"
        f"{questions}"
        f"<opened>{_moment(at)}</opened><expires>{_moment(until)}</expires>"
        f"<nonce>{escape(nonce)}</nonce><policy>{escape(rules)}</policy></removal>"
    )


def _moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"
