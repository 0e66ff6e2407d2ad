"""Steps 1 to 5 of the guide: the parent logs in and reads the journal; then the night until publication."""

from datetime import datetime, timedelta
from typing import Any

from demo.parent import Parent, until
from demo.scene import ALMATY, Scene, Unexpected, last_day, next_opening, shown, shown_deadline
from demo.screen import Seen, framed, table

NOTIFIED = "NOTIFIED"


async def open_site(scene: Scene) -> Seen:
    """Step 1: the main page, the button."""
    scene.known["challenge"] = await scene.heroine.open_login()
    return Seen(
        "Негізгі бетте «Жеке кабинетке кіру» батырмасы басылды: жүйе қол қойылатын құжат берді",
        "На главной странице нажата кнопка «Войти в личный кабинет»: система выдала документ для подписи",
    )


async def choose_store(scene: Scene) -> Seen:
    """Step 2: where the key lies."""
    version = await scene.heroine.computer.version()
    return Seen(
        f"Кілтті сақтау орны: «Персональный компьютер»; NCALayer {version} жауап берді",
        f"Хранилище ключей: «Персональный компьютер»; NCALayer {version} ответил",
    )


async def sign_with_auth_key(scene: Scene) -> Seen:
    """Step 3: AUTH_RSA, password, sign."""
    scene.known["signed_login"] = await scene.heroine.sign_login(scene.known["challenge"])
    return Seen(
        "AUTH_RSA кілті жүктелді, құпиясөз енгізілді, «Подписать» басылды",
        "Загружен ключ AUTH_RSA, введён пароль, нажата кнопка «Подписать»",
    )


async def press_login(scene: Scene) -> Seen:
    """Step 4: the owner's data; the first time an e-mail address must be given."""
    session = await scene.heroine.enter(scene.known["challenge"], scene.known["signed_login"])
    first_time = session["email_required"]
    if first_time:
        await scene.heroine.give_contacts()
    return Seen(
        "Кілт иесінің деректері көрсетілді, «Логин» басылды"
        + ("; бірінші рет: электрондық пошта, телефон, келісім сұралды" if first_time else ""),
        "Показаны данные владельца ключа, нажат «Логин»"
        + ("; первый вход: указаны почта и телефон, дано согласие" if first_time else ""),
        _key_lines(session["key"]),
    )


def _key_lines(key: dict[str, Any]) -> list[str]:
    return [
        f"Уникальное имя владельца: {key['owner']}",
        f"Срок действия: {shown(key['not_before'])} - {shown(key['not_after'])}",
        f"Серийный номер: {key['serial']}",
        f"Имя издателя: {key['issuer']}   Алгоритм: {key['algorithm']}",
    ]


async def read_journal(scene: Scene) -> Seen:
    """Step 5: the journal of applications."""
    rows = await scene.heroine.journal()
    scene.known["application"] = rows[0]["application_id"]
    names = await _names_of_children(scene.heroine)
    head = ("Нөмірі", "Қамқорлықтағы бала", "Кезек", "Жеңілдікті", "Тіркелген күні", "Статусы")
    lines = [
        (
            row["application_number"],
            names.get(row["child_id"], ""),
            str(row["queue_number"] or ""),
            str(row["number_in_privilege"]),
            shown(row["registered_at"]),
            row["status_text"]["kk"],
        )
        for row in rows
    ]
    return Seen(
        f"«Өтініштер журналы»: кезек нөмірі {rows[0]['queue_number']}, «{rows[0]['status_text']['kk']}»",
        f"«Журнал заявлений»: номер очереди {rows[0]['queue_number']}, «{rows[0]['status_text']['ru']}»",
        table(head, lines),
    )


async def _names_of_children(parent: Parent) -> dict[str, str]:
    children = (await parent.me())["children"]
    return {child["person_id"]: f"{child['surname']} {child['given']}" for child in children}


async def neighbour_logs_in(scene: Scene) -> Seen:
    """Another family does the same the same evening."""
    session = await scene.neighbour.log_in()
    if session["email_required"]:
        await scene.neighbour.give_contacts()
    rows = await scene.neighbour.journal()
    scene.known["neighbour_application"] = rows[0]["application_id"]
    return Seen(
        f"Осы кеште екінші ата-ана да кірді: оның баласының кезек нөмірі {rows[0]['queue_number']}",
        f"В тот же вечер вошёл второй родитель: номер очереди его ребёнка {rows[0]['queue_number']}",
    )


async def morning_comes(scene: Scene) -> Seen:
    """07:00 of the next working day: places are published, the turn comes, the notice arrives."""
    opening = scene.known["opening"] = next_opening(scene.now())
    scene.move(opening)
    arrived = await notices(scene)
    await scene.heroine.log_in()
    await scene.neighbour.log_in()
    return Seen(
        f"Келесі жұмыс күні, {shown(opening)}: бос орындар жарияланды, кезек келді; хат пен SMS келді",
        f"Следующий рабочий день, {shown(opening)}: места опубликованы, очередь подошла; пришли письмо и SMS",
        arrived,
    )


async def notices(scene: Scene) -> list[str]:
    """The newest letter and text message, as they arrived; waits for those that no step has shown yet."""
    letters_shown, texts_shown = scene.known.get("notices", (0, 0))

    async def letters() -> list[dict[str, Any]] | None:
        return (await scene.heroine.letters())[letters_shown:] or None

    async def texts() -> list[dict[str, Any]] | None:
        return (await scene.heroine.texts())[texts_shown:] or None

    fresh_letters, fresh_texts = await until(letters, "the e-mail"), await until(texts, "the text message")
    scene.known["notices"] = (letters_shown + len(fresh_letters), texts_shown + len(fresh_texts))
    mail, sms = fresh_letters[-1], fresh_texts[-1]
    return [
        *framed(f"e-mail: {mail['subject']}  {mail['sender']}", mail["text"]),
        *framed(f"SMS, {sms['segments']} бөлік", sms["text"]),
    ]


async def open_application(scene: Scene) -> Seen:
    """Step 6: the card; its status says that the notice was sent."""

    async def notified() -> dict[str, Any] | None:
        card = await scene.heroine.card(scene.known["application"])
        return card if card["status"] == NOTIFIED else None

    card = await until(notified, "the status that the notice was sent")
    scene.known["card"] = card
    end = datetime.fromisoformat(card["invitation"]["deadline"]).astimezone(ALMATY)
    if end.date() - timedelta(days=1) != last_day(scene.known["opening"]):
        raise Unexpected(f"the window ends at {end.isoformat()}, which is not the end of its third working day")
    deadline = shown_deadline(card["invitation"]["deadline"])
    return Seen(
        f"Өтініш ашылды: «{card['status_text']['kk']}», таңдау мерзімі {deadline} дейін",
        f"Открыто заявление: «{card['status_text']['ru']}», выбор до {deadline}",
        [
            f"Кезек нөмірі {card['queue_number']}, жеңілдікті категория бойынша {card['number_in_privilege']}",
            f"Кезек түрі: {card['queue_type_text']['kk']}   Санаты: {card['category_text']['kk']}",
            f"Өтініш нөмірі: {card['application_number']}   Тіркеу күні: {shown(card['registered_at'])}",
        ],
    )
