"""Everything notify is made of, put together in one place."""

from datetime import datetime, timedelta
from functools import partial
from typing import cast
from zoneinfo import ZoneInfo

from contracts.access import NotifyRecordReadV1
from services.chassis.policy import load_policies
from services.chassis.reads import Reads
from services.chassis.scheduler import Due
from services.chassis.service import Frame, Parts
from services.notify import api, consumer
from services.notify.domain.refusals import Refusal
from services.notify.gateways.contacts import Contacts
from services.notify.gateways.mail import Mail, MailServer, Security
from services.notify.gateways.sms import Sms, SmsAccount
from services.notify.gateways.texts import Texts
from services.notify.settings import NotifyPolicy, NotifySettings
from services.notify.store import INDEXES, Reading, Store
from services.notify.usecases import sending


def compose(frame: Frame) -> Parts:
    """The service on a frame."""
    desk = make_desk(frame)
    store = desk.store
    reads = Reads(store.reads, NotifyRecordReadV1)

    return Parts(
        router=api.router(Reading(frame.database), reads, desk.texts, frame.tokens, frame.clock),
        hearing=consumer.hearing(store, frame.clock),
        aggregates=[store.messages, store.reads],
        refusal=Refusal,
        statuses=api.STATUSES,
        indexes=INDEXES,
        due=[Due(store.messages, partial(sending.send, desk))],
        on_start=[partial(sending.resume, desk)],
    )


def make_desk(frame: Frame) -> sending.Desk:
    """All that sending needs."""
    settings = cast("NotifySettings", frame.settings)
    policies = load_policies(settings.policy_dir, settings.policy_profile, "notify", NotifyPolicy)
    shared = policies.versions[-1][1].shared
    calendar = shared.calendar()

    def patience(at: datetime) -> timedelta:
        return timedelta(minutes=policies.on(calendar.local_day(at)).own.unreported_minutes)

    return sending.Desk(
        store=Store(frame.database),
        contacts=Contacts(settings.auth_url, frame.own_token.header, frame.own_token.forget),
        mail=Mail(_mail_server(settings)),
        sms=Sms(_sms_account(settings)),
        texts=Texts(settings.cabinet_url, settings.sms_link, settings.support_contact, ZoneInfo(shared.timezone)),
        now=frame.clock.now,
        patience=patience,
        instance=settings.instance,
    )


def _mail_server(settings: NotifySettings) -> MailServer:
    password = settings.smtp_password.get_secret_value() if settings.smtp_password else None
    return MailServer(
        host=settings.smtp_host,
        port=settings.smtp_port,
        security=Security(settings.smtp_security),
        sender=settings.mail_from,
        sender_name=settings.mail_from_name,
        username=settings.smtp_username,
        password=password,
    )


def _sms_account(settings: NotifySettings) -> SmsAccount:
    token = settings.twilio_auth_token.get_secret_value()
    return SmsAccount(settings.twilio_url, settings.twilio_account_sid, token, settings.sms_from)
