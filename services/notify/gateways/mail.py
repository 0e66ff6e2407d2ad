"""E-mail by SMTP. A message is built so that a repeat of it is recognised: its Message-ID follows from the delivery."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime
from enum import StrEnum

import aiosmtplib

from services.notify.domain.message import DeliveryId
from services.notify.domain.sending import Accepted, Outcome, Refused, TryAgain, Unknown
from services.notify.gateways.texts import Text

TIMEOUT_SECONDS = 10.0
_ADDRESS = re.compile(r'[^\s@<>"]{1,64}@[^\s@<>"]{1,255}')
"""Nothing that could end an address and begin a command; whether it exists is the server's to say."""


class Security(StrEnum):
    """How the way to the mail server is protected. `none` is for a server on the same machine."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where the city's mail server is and as whom it is spoken to."""

    host: str
    port: int
    security: Security
    sender: str
    sender_name: str
    username: str | None = None
    password: str | None = field(default=None, repr=False)


class Mail:
    """Hands e-mail to the city's mail server."""

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._domain = server.sender.rpartition("@")[2]

    async def send(self, id: DeliveryId, address: str, text: Text, at: datetime) -> Outcome:
        """One attempt. A repeat carries the same Message-ID, so that mail servers and readers see one message."""
        message = self._compose(id, address, text, at)
        if message is None:
            return Refused("mail_address")
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS * 2):
                return await self._attempt(address, message)
        except TimeoutError:
            return Unknown("mail_no_answer")

    async def _attempt(self, address: str, message: EmailMessage) -> Outcome:
        client = aiosmtplib.SMTP(
            hostname=self._server.host,
            port=self._server.port,
            timeout=TIMEOUT_SECONDS,
            use_tls=self._server.security is Security.TLS,
            start_tls=self._server.security is Security.STARTTLS,
            username=self._server.username,
            password=self._server.password,
        )
        try:
            await client.connect()
        except (aiosmtplib.SMTPException, OSError):
            return TryAgain("mail_unreachable")
        try:
            return await self._hand_over(client, address, message)
        finally:
            client.close()

    async def _hand_over(self, client: aiosmtplib.SMTP, address: str, message: EmailMessage) -> Outcome:
        try:
            await client.sendmail(self._server.sender, [address], message.as_bytes(policy=SMTP_POLICY))
        except ValueError:
            return Refused("mail_address")
        except aiosmtplib.SMTPRecipientsRefused as error:
            return _refused(error.recipients)
        except aiosmtplib.SMTPSenderRefused as error:
            return TryAgain(f"mail_sender_{_kind(error.code)}")
        except aiosmtplib.SMTPDataError as error:
            return Refused("mail_content") if error.code >= 500 else TryAgain("mail_temporary")
        except aiosmtplib.SMTPResponseException as error:
            return TryAgain(f"mail_server_{_kind(error.code)}")
        except (aiosmtplib.SMTPException, OSError):
            return Unknown("mail_no_answer")
        return Accepted(str(message["Message-ID"]))

    def _compose(self, id: DeliveryId, address: str, text: Text, at: datetime) -> EmailMessage | None:
        if not _ADDRESS.fullmatch(address):
            return None
        message = EmailMessage(policy=SMTP_POLICY)
        try:
            message["To"] = Address(addr_spec=address)
        except (ValueError, HeaderParseError):
            return None
        message["From"] = Address(self._server.sender_name, *self._server.sender.rsplit("@", 1))
        message["Subject"] = text.subject
        message["Date"] = format_datetime(at)
        message["Message-ID"] = f"<{id}@{self._domain}>"
        message["Auto-Submitted"] = "auto-generated"
        message["X-Auto-Response-Suppress"] = "All"
        message.set_content(text.plain, cte="base64")
        message.add_alternative(text.html, subtype="html", cte="base64")
        message["Content-Language"] = text.language.value
        return message


def _refused(refusals: Sequence[aiosmtplib.SMTPRecipientRefused]) -> Outcome:
    """The server's word about the one recipient: 4xx may pass, 5xx will not (RFC 5321 4.2.1)."""
    permanent = any(each.code >= 500 for each in refusals)
    return Refused("mail_recipient") if permanent else TryAgain("mail_temporary")


def _kind(code: int) -> str:
    """4xx or 5xx as a word; both are ours or the server's trouble here and never the recipient's."""
    return "refused" if code >= 500 else "temporary"
