"""The thirteen steps of the parents' guide in order, and how they are played."""

import time
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass

import httpx

from demo import evening, morning
from demo.door import Refused
from demo.ncalayer import NotSigned
from demo.parent import Late
from demo.scene import Scene, Unexpected
from demo.screen import Seen, show_absent, show_failure, show_step


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its number in the guide, what it is, the services it needs, what is done."""

    label: str
    title: str
    needs: frozenset[str]
    act: Callable[[Scene], Awaitable[Seen]]


@dataclass(slots=True)
class Outcome:
    """How many steps were played, are not possible yet, failed."""

    played: int = 0
    absent: int = 0
    failed: int = 0


LOGIN = frozenset({"auth"})
JOURNAL = LOGIN | {"queue"}
TURN = JOURNAL | {"vacancy", "notify"}
CHOICE = TURN | {"referral"}

STORY: Sequence[Step] = (
    Step("1", "Негізгі бет / Главная страница", LOGIN, evening.open_site),
    Step("2", "Кілтті сақтау орны / Хранилище ключей", LOGIN, evening.choose_store),
    Step("3", "AUTH_RSA кілті / Ключ AUTH_RSA", LOGIN, evening.sign_with_auth_key),
    Step("4", "«Логин»", LOGIN, evening.press_login),
    Step("5", "Өтініштер журналы / Журнал заявлений", JOURNAL, evening.read_journal),
    Step("5+", "Екінші ата-ана / Второй родитель", JOURNAL, evening.neighbour_logs_in),
    Step("07:00", "Кезек келді / Очередь подошла", TURN, evening.morning_comes),
    Step("6", "Өтініш / Заявление", TURN, evening.open_application),
    Step("7", "Балабақшаны таңдау / Выбор детского сада", TURN, morning.see_button),
    Step("8", "Хабарлама терезесі / Окно с уведомлением", TURN, morning.read_notice),
    Step("9", "Бос орындар / Свободные места", TURN, morning.read_list),
    Step("10", "Растау / Подтверждение", TURN, morning.say_yes),
    Step("10+", "Кешіккен ата-ана / Опоздавший родитель", TURN, morning.second_comes_late),
    Step("11", "RSA кілті / Ключ RSA", CHOICE, morning.load_sign_key),
    Step("12", "Қол қою / Подпись", CHOICE, morning.sign_choice),
    Step("13", "Жалпы құжаттар / Общие документы", CHOICE, morning.open_documents),
    Step("13+", "Хабарлама / Уведомление", CHOICE, morning.told_of_referral),
    Step("check", "Тексеру / Проверка", CHOICE, morning.others_agree),
)

EXPECTED = (Refused, NotSigned, Late, Unexpected, httpx.HTTPError, OSError, KeyError, IndexError, ValueError)
"""What a step that fails may end with; anything else is a fault of the story itself."""


async def play(scene: Scene, present: Collection[str], steps: Sequence[Step] = STORY) -> Outcome:
    """Play every step that is possible; after a failure the rest is not played."""
    outcome = Outcome()
    for step in steps:
        missing = sorted(step.needs - set(present))
        if missing:
            show_absent(step.label, step.title, missing)
            outcome.absent += 1
            continue
        if outcome.failed:
            continue
        begin = time.perf_counter()
        try:
            seen = await step.act(scene)
        except EXPECTED as error:
            show_failure(step.label, step.title, f"{type(error).__name__}: {error}")
            outcome.failed += 1
            continue
        show_step(step.label, seen, time.perf_counter() - begin)
        outcome.played += 1
    return outcome
