"""What every page is given."""

from dataclasses import dataclass

import httpx

from services.chassis.clock import Clock, open_clock
from web.session import Cookies
from web.settings import WebSettings
from web.upstream import Upstream
from web.upstream.auth import Auth
from web.upstream.own import Own
from web.upstream.queue import Queue
from web.upstream.referral import Referrals
from web.upstream.vacancy import Vacancy
from web.view.renderer import Renderer


@dataclass(frozen=True)
class Desk:
    """The services behind the pages, and how pages are made."""

    settings: WebSettings
    clock: Clock
    cookies: Cookies
    renderer: Renderer
    auth: Auth
    own: Own
    queue: Queue
    vacancy: Vacancy
    referral: Referrals
    upstreams: tuple[Upstream, ...]


def open_desk(settings: WebSettings) -> Desk:
    """Connects nothing yet: each service is asked when a page needs it."""
    trust = httpx.create_ssl_context()
    auth, queue, vacancy, referral = upstreams = (
        Upstream("auth", settings.auth_url, trust),
        Upstream("queue", settings.queue_url, trust),
        Upstream("vacancy", settings.vacancy_url, trust),
        Upstream("referral", settings.referral_url, trust),
    )
    return Desk(
        settings=settings,
        clock=open_clock(settings.clock_file),
        cookies=Cookies(settings.seals(), secure=settings.secure_cookies),
        renderer=Renderer(settings),
        auth=Auth(auth),
        own=Own(auth),
        queue=Queue(queue),
        vacancy=Vacancy(vacancy),
        referral=Referrals(referral),
        upstreams=upstreams,
    )
