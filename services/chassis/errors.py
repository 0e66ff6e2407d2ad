"""What can go wrong between a decision and the world, by what to do next.

PlumbingError
├── Stale           somebody else wrote first: load again, decide again
├── AlreadyExists   a unique value is taken: the index tells which promise
├── Retry           a neighbour is away for now: the same call may succeed later
├── Poison          this message can never be handled: dead letter at once
├── Park            the cause of this message has not been heard yet: keep it until it has
└── Problem         an answer to the person asking, with a stable code
"""

from typing import ClassVar

MONGO_UNREACHABLE = "MONGO_UNREACHABLE"
"""The code of a Retry when the service's own database does not answer."""


class PlumbingError(Exception):
    """Root of the tree."""


class Stale(PlumbingError):
    """The aggregate changed since it was loaded; nothing was written."""


class AlreadyExists(PlumbingError):
    """An insert or update met a unique index; `index` is its name, nothing was written."""

    def __init__(self, index: str) -> None:
        super().__init__(index)
        self.index = index


class Retry(PlumbingError):
    """A dependency did not answer; `code` says which, for logs and metrics."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Poison(PlumbingError):
    """A message that no repetition will heal; `reason` is a stable code and holds no data of the message."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Park(PlumbingError):
    """The message came before its cause; `waits_for` names the cause as the handler of the cause will announce it."""

    def __init__(self, waits_for: str) -> None:
        super().__init__(waits_for)
        self.waits_for = waits_for


class Problem(PlumbingError):
    """A refusal that belongs to the door itself (who are you, how large is this), answered as RFC 9457 problem details."""

    status: ClassVar[int] = 400
    code: ClassVar[str] = "BAD_REQUEST"

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail or self.code)
        self.detail = detail


class Unauthenticated(Problem):
    """No valid token: log in (again)."""

    status = 401
    code = "UNAUTHENTICATED"


class Forbidden(Problem):
    """The token is good and does not allow this."""

    status = 403
    code = "FORBIDDEN"


class EmailRequired(Problem):
    """The first login is not finished: an e-mail address must be given before anything else (R3)."""

    status = 403
    code = "EMAIL_REQUIRED"


class NotFound(Problem):
    """There is no such thing, or it is not yours to know of."""

    status = 404
    code = "NOT_FOUND"


class TooLarge(Problem):
    """The request body is larger than this door takes."""

    status = 413
    code = "REQUEST_TOO_LARGE"


class Unavailable(Problem):
    """Something this answer needs is away; the same request may succeed later."""

    status = 503
    code = "TRY_LATER"
