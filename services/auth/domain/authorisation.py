"""Who may ask what of auth: one table, deny by default.

An action is a door, named by its method and path. Whoever knocks is one or several askers: a person in session is a parent
and whatever roles are held besides. A relation is what the object asked about must be to the person; where it is not, the
answer is that there is no such thing (R4).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Asker(StrEnum):
    """Who knocks."""

    NOBODY = "nobody"
    NEWCOMER = "newcomer"
    PARENT = "parent"
    MANAGER = "manager"
    PRESCHOOL = "preschool"
    CLERK = "clerk"
    OFFICER = "officer"
    AUDITOR = "auditor"
    SUPPORT = "support"
    QUEUE = "queue"
    VACANCY = "vacancy"
    REFERRAL = "referral"
    NOTIFY = "notify"


SERVICES = frozenset({Asker.QUEUE, Asker.VACANCY, Asker.REFERRAL, Asker.NOTIFY})
STAFF = frozenset({Asker.MANAGER, Asker.PRESCHOOL, Asker.CLERK, Asker.OFFICER, Asker.AUDITOR, Asker.SUPPORT})
PERSONS = STAFF | {Asker.PARENT}
IN_SESSION = PERSONS | {Asker.NEWCOMER}
EVERYBODY = frozenset(Asker)


class Relation(StrEnum):
    """What the object must be to whoever asks."""

    ANY = "any"
    OWN = "own"
    GUARDIAN = "own child"


class Action(StrEnum):
    """Every door of auth."""

    ASK_CHALLENGE = "POST /challenges"
    DESCRIBE_KEY = "POST /keys:describe"
    ENTER = "POST /sessions"
    REFRESH = "POST /sessions:refresh"
    LEAVE = "POST /sessions:end"
    LIST_SESSIONS = "GET /sessions"
    END_SESSION = "POST /sessions/{session_id}:end"
    END_ALL_SESSIONS = "POST /sessions:end-all"
    END_SESSIONS_OF = "POST /persons:end-sessions"
    FIND_PERSONS = "POST /persons:find"
    ERASE_PERSON = "POST /persons/{person_id}:erase"
    READ_ME = "GET /me"
    GIVE_CONTACTS = "PUT /me/contacts"
    SEND_CODE = "POST /me/contacts:send-code"
    CONFIRM_CONTACT = "POST /me/contacts:confirm"
    CHOOSE_LANGUAGE = "PUT /me/language"
    READ_CARDS = "POST /me/cards"
    STATE_FILING = "POST /statements/filing"
    STATE_CLERKS_FILING = "POST /statements/clerk-filing"
    STATE_SEARCH = "POST /statements/search"
    SEE_WHO_LOOKED = "GET /children/{child_id}/reads"
    ASK_TO_JOIN = "POST /guardianships:join"
    LIST_REQUESTS = "GET /guardianships/requests"
    CONFIRM_REQUEST = "POST /guardianships/requests/{request_id}:confirm"
    REFUSE_REQUEST = "POST /guardianships/requests/{request_id}:refuse"
    LINK_GUARDIAN = "POST /guardianships:link"
    UNLINK_GUARDIAN = "POST /guardianships/{child_id}:unlink"
    LIST_STAFF = "GET /roles"
    GRANT_ROLE = "POST /roles:grant"
    REVOKE_ROLE = "POST /roles:revoke"
    READ_KEYS = "GET /.well-known/jwks.json"
    TAKE_SERVICE_TOKEN = "POST /service-tokens"  # noqa: S105 - a door, not a secret
    JUDGE_SIGNATURE = "POST /signatures"
    READ_CONTACTS = "GET /children/{child_id}:contacts"
    READ_OWN_CONTACTS = "GET /persons/{person_id}:contacts"
    READ_CODE = "GET /confirmations/{confirmation_id}"
    READ_DOCUMENT_CARDS = "POST /persons:cards"


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may knock, and what the object must be to them."""

    askers: frozenset[Asker]
    relation: Relation = Relation.ANY


_OFFICE = frozenset({Asker.CLERK, Asker.OFFICER})
_OFFICER = frozenset({Asker.OFFICER})

RULES: Mapping[Action, Rule] = MappingProxyType(
    {
        Action.ASK_CHALLENGE: Rule(EVERYBODY),
        Action.DESCRIBE_KEY: Rule(EVERYBODY),
        Action.ENTER: Rule(EVERYBODY),
        Action.REFRESH: Rule(EVERYBODY),
        Action.LEAVE: Rule(IN_SESSION, Relation.OWN),
        Action.LIST_SESSIONS: Rule(IN_SESSION, Relation.OWN),
        Action.END_SESSION: Rule(IN_SESSION, Relation.OWN),
        Action.END_ALL_SESSIONS: Rule(IN_SESSION, Relation.OWN),
        Action.END_SESSIONS_OF: Rule(_OFFICER | {Asker.SUPPORT}),
        Action.FIND_PERSONS: Rule(_OFFICE),
        Action.ERASE_PERSON: Rule(_OFFICER),
        Action.READ_ME: Rule(IN_SESSION, Relation.OWN),
        Action.GIVE_CONTACTS: Rule(IN_SESSION, Relation.OWN),
        Action.SEND_CODE: Rule(IN_SESSION, Relation.OWN),
        Action.CONFIRM_CONTACT: Rule(IN_SESSION, Relation.OWN),
        Action.CHOOSE_LANGUAGE: Rule(IN_SESSION, Relation.OWN),
        Action.READ_CARDS: Rule(PERSONS, Relation.GUARDIAN),
        Action.STATE_FILING: Rule(PERSONS, Relation.GUARDIAN),
        Action.STATE_CLERKS_FILING: Rule(_OFFICE),
        Action.STATE_SEARCH: Rule(EVERYBODY),
        Action.SEE_WHO_LOOKED: Rule(PERSONS, Relation.GUARDIAN),
        Action.ASK_TO_JOIN: Rule(PERSONS),
        Action.LIST_REQUESTS: Rule(PERSONS, Relation.GUARDIAN),
        Action.CONFIRM_REQUEST: Rule(PERSONS, Relation.GUARDIAN),
        Action.REFUSE_REQUEST: Rule(PERSONS, Relation.GUARDIAN),
        Action.LINK_GUARDIAN: Rule(_OFFICE),
        Action.UNLINK_GUARDIAN: Rule(_OFFICE),
        Action.LIST_STAFF: Rule(_OFFICER | {Asker.AUDITOR}),
        Action.GRANT_ROLE: Rule(_OFFICER),
        Action.REVOKE_ROLE: Rule(_OFFICER),
        Action.READ_KEYS: Rule(EVERYBODY),
        Action.TAKE_SERVICE_TOKEN: Rule(SERVICES),
        Action.JUDGE_SIGNATURE: Rule(frozenset({Asker.REFERRAL, Asker.QUEUE})),
        Action.READ_CONTACTS: Rule(frozenset({Asker.NOTIFY})),
        Action.READ_OWN_CONTACTS: Rule(frozenset({Asker.NOTIFY})),
        Action.READ_CODE: Rule(frozenset({Asker.NOTIFY})),
        Action.READ_DOCUMENT_CARDS: Rule(frozenset({Asker.REFERRAL})),
    }
)


def may(action: Action, askers: Iterable[Asker]) -> bool:
    """Whether one of these may knock at this door; a door that the table does not know is shut."""
    rule = RULES.get(action)
    return rule is not None and not rule.askers.isdisjoint(askers)


def askers_in_session(roles: Iterable[str]) -> frozenset[Asker]:
    """A person in session who has finished the first login: a parent, and every role that is known."""
    known = {asker.value for asker in STAFF}
    return frozenset({Asker.PARENT}) | {Asker(role) for role in roles if role in known}


def matrix() -> str:
    """The table as a page: one line for each door, one column for each asker."""
    head = ["door", "object", *Asker]
    lines = [_line(head), _line(["---"] * len(head))]
    for action, rule in RULES.items():
        marks = ["yes" if may(action, (asker,)) else "" for asker in Asker]
        lines.append(_line([f"`{action.value}`", rule.relation.value, *marks]))
    return "\n".join([*_PREFACE, "", *lines, ""])


_PREFACE = (
    "# Who may ask what of auth",
    "",
    "Made from the table in `services/auth/domain/authorisation.py` by `python -m services.auth authorisation-matrix`;",
    "the tests walk every line of it through the public door. What has no `yes` is refused: 401 without a valid token,",
    "403 with one. Where the object is `own` or `own child`, another person's is answered with 404, as if it did not exist.",
    "Whoever holds a role is a parent besides. `newcomer` has logged in and has not left an e-mail address yet.",
    "The service `web` asks in the name of the person in session and has no rights of its own.",
)


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
