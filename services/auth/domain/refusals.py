"""Refusals of auth: what a person or a service is told when the answer is no.

The code is stable; the words are chosen by whoever shows it.
"""

from datetime import timedelta
from typing import ClassVar

from services.auth.domain.key import KeyKind


class Refusal(Exception):
    """A rule said no. `code` is what a client may rely on; the message never holds personal data."""

    code: ClassVar[str] = "REFUSED"

    def __init__(self, detail: str = "") -> None:
        super().__init__(f"{self.code}: {detail}" if detail else self.code)


class IinInvalid(Refusal):
    """The text is not an identity number whose check digit fits."""

    code = "IIN_INVALID"


class ContactsInvalid(Refusal):
    """An e-mail address, a phone number or a postal address that nothing could be sent to."""

    code = "CONTACTS_INVALID"


class NoSuchContact(Refusal):
    """An address that is not among the person's own."""

    code = "NO_SUCH_CONTACT"


class ContactConfirmed(Refusal):
    """The address is proven already; no further code is sent to it."""

    code = "CONTACT_CONFIRMED"


class CodeWrong(Refusal):
    """The code is not the one that was sent, or none was sent to this address for this person."""

    code = "CODE_WRONG"


class CodeExpired(Refusal):
    """The code's time is over; another one is to be asked for."""

    code = "CODE_EXPIRED"


class CodeTriedTooOften(Refusal):
    """Too many wrong codes: this one is worth nothing any more, another one is to be asked for."""

    code = "CODE_TRIED_TOO_OFTEN"


class NoSuchConfirmation(Refusal):
    """No code is waiting to be sent under this id."""

    code = "NO_SUCH_CONFIRMATION"


class ConsentRequired(Refusal):
    """The person has not agreed to the processing of personal data; nothing else is possible before."""

    code = "CONSENT_REQUIRED"


class ChallengeUnknownOrUsed(Refusal):
    """No such challenge, or it has been answered once already. One challenge takes one answer, good or bad."""

    code = "CHALLENGE_UNKNOWN_OR_USED"


class ChallengeExpired(Refusal):
    """The answer came after the challenge's end."""

    code = "CHALLENGE_EXPIRED"


class ChallengeOfAnotherBrowser(Refusal):
    """The answer came from a browser other than the one that asked (login forgery, forwarded signature)."""

    code = "CHALLENGE_OF_ANOTHER_BROWSER"


class SessionEnded(Refusal):
    """The refresh token belongs to no living session."""

    code = "SESSION_ENDED"


class RefreshTokenReused(Refusal):
    """A refresh token came back after its successor was in use: the whole session is ended."""

    code = "REFRESH_TOKEN_REUSED"


class KeyKindWrong(Refusal):
    """A key for signing at login, a key for login at signing, or an organisation's key where a person's is due (R1)."""

    code = "KEY_KIND_WRONG"

    def __init__(self, presented: KeyKind) -> None:
        super().__init__()
        self.presented = presented


class IssuedDocumentUnreadable(Refusal):
    """The document a service says it has issued is not one that could be signed: the service is at fault, not the signer."""

    code = "ISSUED_DOCUMENT_UNREADABLE"


class CertificateExpired(Refusal):
    """The certificate's validity has ended or not begun."""

    code = "CERTIFICATE_EXPIRED"


class CertificateRevoked(Refusal):
    """The certification authority says the certificate is revoked."""

    code = "CERTIFICATE_REVOKED"


class CertificateNotTrusted(Refusal):
    """The certificate was not issued by the national certification authority, or not for a person."""

    code = "CERTIFICATE_NOT_TRUSTED"


class SignatureInvalid(Refusal):
    """The signature does not fit the document or is not of the one accepted form."""

    code = "SIGNATURE_INVALID"


class NotTheIssuedDocument(Refusal):
    """An honest signature, but over another document than the one issued."""

    code = "NOT_THE_ISSUED_DOCUMENT"


class RevocationUnknown(Refusal):
    """Nobody can say now whether the certificate is revoked. Try later; the key is not at fault."""

    code = "REVOCATION_UNKNOWN"


class NotAGuardian(Refusal):
    """The person may not act for this child. Told as "not found", so that nobody learns which children exist (R4)."""

    code = "NO_SUCH_CHILD"


class NoSuchChild(Refusal):
    """No child is known by this number, and the request brings no name and birth date to record one."""

    code = "NO_SUCH_CHILD"


class NoSuchPerson(Refusal):
    """An id that names nobody."""

    code = "NO_SUCH_PERSON"


class PersonErased(Refusal):
    """The person was erased: the key is destroyed, and nobody can tell any more who it was."""

    code = "PERSON_ERASED"


class HoldsRoles(Refusal):
    """One of the staff is not erased before the roles are taken: who did what has to be answerable."""

    code = "HOLDS_ROLES"


class OnlyGuardian(Refusal):
    """Who alone acts for a child is not erased; the one who takes over is linked first."""

    code = "ONLY_GUARDIAN"


class SurnameInvalid(Refusal):
    """There is no letter in the surname that is searched for."""

    code = "SURNAME_INVALID"


class TooManyRequests(Refusal):
    """One address asks more often than a family would; `retry_after` says when it may ask again."""

    code = "TOO_MANY_REQUESTS"

    def __init__(self, retry_after: timedelta) -> None:
        super().__init__()
        self.retry_after = retry_after


class ApplicationNumberInvalid(Refusal):
    """The text is not the number of an application (R7)."""

    code = "APPLICATION_NUMBER_INVALID"


class AlreadyAGuardian(Refusal):
    """Who asks to join acts for this child already."""

    code = "ALREADY_A_GUARDIAN"


class GuardianIsTheChild(Refusal):
    """Nobody is a guardian of themselves: one number was written twice."""

    code = "GUARDIAN_IS_THE_CHILD"


class NoSuchGuardian(Refusal):
    """The person is no guardian of this child, or the child is not known."""

    code = "NO_SUCH_GUARDIAN"


class LastGuardian(Refusal):
    """The only guardian of a child cannot be unlinked; the one who takes over is linked first."""

    code = "LAST_GUARDIAN"


class NoSuchRequest(Refusal):
    """No request to join of this id is addressed to this person."""

    code = "NO_SUCH_REQUEST"


class RequestDecided(Refusal):
    """The request was answered otherwise before, or waited too long."""

    code = "REQUEST_DECIDED"


class PaperInvalid(Refusal):
    """The number of the paper is empty or not readable, or its date lies in the future."""

    code = "PAPER_INVALID"


class RoleOfAnOrganisation(Refusal):
    """This role is held in an organisation, and none, or another than the person's, was named."""

    code = "ROLE_NEEDS_ORGANISATION"


class RoleOfNoOrganisation(Refusal):
    """This role is held for the whole city; an organisation was named."""

    code = "ROLE_HAS_NO_ORGANISATION"


class OwnRoles(Refusal):
    """Nobody changes the own roles."""

    code = "OWN_ROLES"


class LastOfficer(Refusal):
    """Without an officer nobody could give roles any more."""

    code = "LAST_OFFICER"


class OfficerExists(Refusal):
    """There is an officer already: roles are given by officers."""

    code = "OFFICER_EXISTS"


class NoSuchSession(Refusal):
    """No living session of this id is the person's own."""

    code = "NO_SUCH_SESSION"


class RoleUnknown(Refusal):
    """A role that does not exist."""

    code = "ROLE_UNKNOWN"


class ServiceUnknown(Refusal):
    """A service's name or secret is wrong."""

    code = "SERVICE_UNKNOWN"
