"""One Twilio account: the messages it took, and how it fails when told to."""

import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from enum import StrEnum
from typing import Any

from doubles.clock import Now
from doubles.twilio.segments import count_segments

API_VERSION = "2010-04-01"
E164 = re.compile(r"^\+[1-9][0-9]{7,14}$")
MAX_LENGTH = 1600


class Fault(StrEnum):
    """How the interface answers a new message."""

    OK = "ok"
    INVALID_NUMBER = "invalid_number"
    UNSUBSCRIBED = "unsubscribed"
    NOT_MOBILE = "not_mobile"
    THROTTLED = "throttled"
    SERVER_ERROR = "server_error"
    SLOW = "slow"
    UNREACHABLE = "unreachable"


class TwilioError(Exception):
    """An error as Twilio numbers them."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.message = message

    def body(self) -> dict[str, Any]:
        """The answer's JSON."""
        return {
            "code": self.code,
            "message": self.message,
            "more_info": f"https://www.twilio.com/docs/errors/{self.code}",
            "status": self.status,
        }


FAILURES = {
    Fault.INVALID_NUMBER: (400, 21211, "Invalid 'To' Phone Number"),
    Fault.UNSUBSCRIBED: (400, 21610, "Attempt to send to unsubscribed recipient"),
    Fault.NOT_MOBILE: (400, 21614, "'To' number is not a valid mobile number"),
    Fault.THROTTLED: (429, 20429, "Too Many Requests"),
    Fault.SERVER_ERROR: (500, 20500, "Internal Server Error"),
}


@dataclass(frozen=True, slots=True)
class Message:
    """One text message that was taken for delivery; ``taken_at`` is business time."""

    sid: str
    to: str
    sender: str
    body: str
    taken_at: datetime

    def shown(self, account_sid: str) -> dict[str, Any]:
        """The resource as Twilio's API shows it."""
        uri = f"/{API_VERSION}/Accounts/{account_sid}/Messages/{self.sid}"
        moment = format_datetime(self.taken_at)
        return {
            "account_sid": account_sid,
            "api_version": API_VERSION,
            "body": self.body,
            "date_created": moment,
            "date_sent": moment,
            "date_updated": moment,
            "direction": "outbound-api",
            "error_code": None,
            "error_message": None,
            "from": self.sender if self.sender.startswith("+") else None,
            "messaging_service_sid": self.sender if self.sender.startswith("MG") else None,
            "num_media": "0",
            "num_segments": str(count_segments(self.body)),
            "price": None,
            "price_unit": "USD",
            "sid": self.sid,
            "status": "queued",
            "subresource_uris": {"media": f"{uri}/Media.json"},
            "to": self.to,
            "uri": f"{uri}.json",
        }


@dataclass(slots=True)
class Account:
    """The account's messages, newest last, and the faults: for everybody, or for one number."""

    now: Now
    fault: Fault = Fault.OK
    faults_by_number: dict[str, Fault] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)

    def fault_for(self, to: str) -> Fault:
        return self.faults_by_number.get(to, self.fault)

    def take(self, to: str, sender: str, body: str) -> Message:
        """Accept a message for delivery, or raise TwilioError."""
        if not E164.match(to):
            raise TwilioError(*FAILURES[Fault.INVALID_NUMBER])
        if not sender:
            raise TwilioError(400, 21603, "A 'From' phone number is required")
        if not body:
            raise TwilioError(400, 21602, "Message body is required")
        if len(body) > MAX_LENGTH:
            raise TwilioError(400, 21617, "The concatenated message body exceeds the 1600 character limit")
        if (failure := FAILURES.get(self.fault_for(to))) is not None:
            raise TwilioError(*failure)
        message = Message(f"SM{secrets.token_hex(16)}", to, sender, body, self.now())
        self.messages.append(message)
        return message

    def sent_to(self, to: str | None) -> list[Message]:
        """Messages to one number, or all; oldest first."""
        return [message for message in self.messages if to in (None, message.to)]
