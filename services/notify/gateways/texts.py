"""The words of every message in every language: templates filled from a closed list of values, none of which names anybody."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from services.notify.domain.message import Language, Message, MessageId, code

TEMPLATES = Path(__file__).parent.parent / "templates"
SMS_SEGMENT = 70
"""Signs in one part of an SMS once it holds a letter outside GSM 03.38, as any Kazakh or Russian text does (UCS-2)."""
LONGEST_SMS_LINK = 13
"""A link in an SMS may be so long that every text still fits one segment."""


@dataclass(frozen=True, slots=True)
class Values:
    """All that a template may use. A name, an IIN, a category or an address has no field to come in by."""

    language: str
    code: str
    until: str
    until_short: str
    queue_number: int | None
    places_open: int | None
    granted: bool | None
    referral_number: str | None
    happened: str
    happened_short: str
    confirmation_code: str | None
    cabinet_url: str
    sms_link: str
    support: str


@dataclass(frozen=True, slots=True)
class Text:
    """One message in one language, in all its forms."""

    language: Language
    subject: str
    plain: str
    html: str
    sms: str


@dataclass(frozen=True, slots=True)
class Texts:
    """Renders messages. `cabinet_url`: where a parent logs in; `sms_link`: the same, short; `support`: whom to call."""

    cabinet_url: str
    sms_link: str
    support: str
    zone: ZoneInfo

    def __post_init__(self) -> None:
        """ValueError when the link would push a text into a second segment."""
        if len(self.sms_link) > LONGEST_SMS_LINK:
            raise ValueError(f"the link in an SMS has at most {LONGEST_SMS_LINK} signs")

    def text(self, id: MessageId, message: Message, language: Language, confirmation_code: str | None = None) -> Text:
        """The message as a person of this language reads it; a code is given at the moment of sending and stands nowhere."""
        values = asdict(self._values(id, message, language, confirmation_code))
        name = f"{language}/{message.kind.lower()}"
        subject = _render(f"{name}.subject.txt", values)
        return Text(
            language=language,
            subject=subject,
            plain=_render(f"{name}.txt", values),
            html=_render(f"{name}.html", values | {"subject": subject}),
            sms=_render(f"{name}.sms.txt", values),
        )

    def _values(self, id: MessageId, message: Message, language: Language, confirmation_code: str | None) -> Values:
        day, hour = local_moment(message.true_until, self.zone)
        then = (message.happened_at or message.created_at).astimezone(self.zone)
        return Values(
            language=language.value,
            code=code(id),
            until=f"{day:%d.%m.%Y} {hour}",
            until_short=f"{day:%d.%m.%y} {hour}",
            happened=f"{then:%d.%m.%Y %H:%M}",
            happened_short=f"{then:%d.%m.%y %H:%M}",
            confirmation_code=confirmation_code,
            queue_number=message.queue_number,
            places_open=message.places_open,
            granted=message.granted,
            referral_number=message.referral_number,
            cabinet_url=self.cabinet_url,
            sms_link=self.sms_link,
            support=self.support,
        )


def local_moment(moment: datetime, zone: ZoneInfo) -> tuple[datetime, str]:
    """The day and hour a family reads. Midnight is 24:00 of the day that ends, so that nobody loses or gains a day."""
    local = moment.astimezone(zone)
    if (local.hour, local.minute) == (0, 0):
        return local - timedelta(days=1), "24:00"
    return local, f"{local:%H:%M}"


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
    )


def _render(name: str, values: dict[str, object]) -> str:
    return _environment().get_template(name).render(values).strip()
