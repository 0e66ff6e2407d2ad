"""Steps 7 to 13 of the guide: the list of places, the confirm question, the signature, the referral."""

import asyncio
from typing import Any

from demo.checks import check_all
from demo.door import Refused
from demo.evening import notices
from demo.parent import until
from demo.scene import Scene, Unexpected, shown, shown_deadline
from demo.screen import Seen

LANGUAGES = {"kk": ("Қазақша", "казахский"), "ru": ("Орысша", "русский")}
PLACE_TYPES = {"GENERAL_USE": "жалпыға бірдей белгіленген"}
REFUSALS = {
    "PLACE_TAKEN": (
        "Бұл орынды басқа бала үшін таңдап қойды. Тізімнен басқа орынды таңдаңыз.",
        "Это место уже выбрали для другого ребёнка. Выберите другое из списка.",
    ),
}
"""What the screen says for a refusal's code."""
SECOND_TOO_LATE = 1.0
"""Seconds by which the second parent comes too late."""


async def see_button(scene: Scene) -> Seen:
    """Step 7: the button is there because a place may be chosen."""

    async def free() -> list[dict[str, Any]] | None:
        return await scene.heroine.places(scene.known["application"]) or None

    places = await until(free, "the list of free places")
    scene.known["places"] = places
    return Seen(
        "«Коррекциялық балабақшаны таңдау» батырмасы көрінді және басылды",
        "Появилась и нажата кнопка «Выбрать коррекционный детский сад»",
    )


async def read_notice(scene: Scene) -> Seen:
    """Step 8: the window with the notice."""
    deadline = shown_deadline(scene.known["card"]["invitation"]["deadline"])
    return Seen(
        "Хабарлама терезесі оқылды, «ОК» басылды",
        "Прочитано окно с уведомлением, нажата кнопка «ОК»",
        [
            f"Балабақша {deadline} дейін таңдалмаса, орын кезектегі барлық балаларға ашылады; балаңыз кезекте қалады.",
            f"Если не выбрать детский сад до {deadline}, место откроется всем детям очереди; ребёнок останется в очереди.",
        ],
    )


async def read_list(scene: Scene) -> Seen:
    """Step 9: the table of free places."""
    places = scene.known["places"]
    scene.known["chosen"] = places[0]
    cards = [line for number, place in enumerate(places, start=1) for line in place_card(number, place)]
    return Seen(
        f"Бос орындардың тізімі: {len(places)} орын",
        f"Список свободных мест: {len(places)}",
        cards,
    )


def place_card(number: int, place: dict[str, Any]) -> list[str]:
    """One place with the eight fields of the guide's picture."""
    language, kind = LANGUAGES[place["language"]][0], PLACE_TYPES.get(place["place_type"], place["place_type"])
    return [
        f"{number}. {place['name_kk']}  |  {place['kind_kk']}",
        f"   {place['address_kk']}  |  {', '.join(place['phones'])}  |  {place['website']}",
        f"   Оқыту тілі: {language}  |  Орын түрі: {kind}  |  {place['latitude']}, {place['longitude']}",
    ]


def confirm_question(place: dict[str, Any]) -> tuple[str, str]:
    """The question of the guide before the place is kept."""
    kk, ru = LANGUAGES[place["language"]]
    return (
        (
            "Сіз шын мәнінде мектепке дейінгі ұйымға жолдама алғыңыз келе ме "
            f"({place['name_kk']}, {place['address_kk']}, Оқыту тілі - {kk})?"
        ),
        (
            "Вы действительно хотите получить направление в дошкольную организацию "
            f"({place['name_ru']}, {place['address_ru']}, язык обучения - {ru})?"
        ),
    )


async def say_yes(scene: Scene) -> Seen:
    """Step 10: sign and send, the question, yes: the place is kept."""
    chosen = scene.known["chosen"]
    held = await scene.heroine.hold(chosen["place_id"], scene.known["application"])
    scene.known["hold"] = held
    kk, ru = confirm_question(chosen)
    return Seen(
        f"«Қол қою және жіберу», растау: «Иә»; орын {shown(held['hold_until'])} дейін сақталды",
        f"«Подписать и отправить», подтверждение: «Да»; место сохранено до {shown(held['hold_until'])}",
        [kk, "[Иә]  [Жоқ]", ru],
    )


async def second_comes_late(scene: Scene) -> Seen:
    """Another parent, also invited, says yes to the same place a second later."""
    await asyncio.sleep(SECOND_TOO_LATE)
    chosen, application = scene.known["chosen"], scene.known["neighbour_application"]
    try:
        await scene.neighbour.hold(chosen["place_id"], application)
    except Refused as refused:
        left = await scene.neighbour.places(application)
        if any(place["place_id"] == chosen["place_id"] for place in left):
            raise Unexpected("the taken place is still offered to the second parent") from refused
        kk, ru = REFUSALS[refused.code]
        return Seen(
            "Екінші ата-ана сол орынды бір секундқа кеш таңдады: орын бос емес",
            "Второй родитель выбрал то же место на секунду позже: место уже занято",
            [
                f"{kk}  [{refused.status} {refused.code}]",
                ru,
                f"Тағы {len(left)} бос орын бар / осталось мест: {len(left)}",
            ],
        )
    raise Unexpected("one place was kept for two children")


async def load_sign_key(scene: Scene) -> Seen:
    """Step 11: the RSA key for signing, password, refresh the list of keys."""
    hold_id = scene.known["hold"]["hold_id"]

    async def opened() -> dict[str, Any] | None:
        return await scene.heroine.choice(hold_id, wait=5)

    scene.known["choice"] = await until(opened, "the document to sign")
    key = await scene.heroine.computer.key_info()
    return Seen(
        "ЭЦҚ (RSA) кілті жүктелді, құпиясөз енгізілді, «Кілттер тізімін жаңарту» басылды",
        "Загружен ключ ЭЦП (RSA), введён пароль, нажата кнопка «Обновить список ключей»",
        [f"{key['subjectCn']}; {key['algorithm']}; {key['issuerCn']}"],
    )


async def sign_choice(scene: Scene) -> Seen:
    """Step 12: the choice is signed, sent and checked; the referral is issued."""
    hold_id = scene.known["hold"]["hold_id"]
    signed = await scene.heroine.sign_choice(scene.known["choice"])
    await scene.heroine.send_choice(hold_id, signed)

    async def issued() -> dict[str, Any] | None:
        choice = await scene.heroine.choice(hold_id)
        if choice is not None and choice["state"] in ("REJECTED", "EXPIRED", "DECLINED"):
            raise Unexpected(f"the choice is {choice['state']}: {choice.get('last_refusal')}")
        return choice if choice is not None and choice["referral_id"] else None

    choice = await until(issued, "the referral")
    return Seen(
        f"«Қол қою» басылды: қол тексерілді, № {choice['referral_number']} жолдама берілді",
        f"Нажата кнопка «Подписать»: подпись проверена, выдано направление № {choice['referral_number']}",
    )


async def open_documents(scene: Scene) -> Seen:
    """Step 13: the tab of documents; the referral is viewed and downloaded."""

    async def ready() -> dict[str, Any] | None:
        found = await scene.heroine.documents(scene.known["application"])
        return found[0] if found else None

    referral = await until(ready, "the referral in the tab of documents")
    scene.folder.mkdir(parents=True, exist_ok=True)
    for kind, path in referral["documents"].items():
        file = scene.folder / f"{referral['referral_number'].replace('/', '-')}.{kind}"
        file.write_bytes(await scene.heroine.download(path))
        scene.known[kind] = file
    scene.known["referral"] = referral
    last = referral["last_day"]
    return Seen(
        f"«Жалпы құжаттар»: № {referral['referral_number']} жолдама, {last} дейін жарамды; жүктеп алынды",
        f"«Общие документы»: направление № {referral['referral_number']}, действительно по {last} включительно; скачано",
        [str(scene.known["pdf"])],
    )


async def told_of_referral(scene: Scene) -> Seen:
    """The notice that the referral was issued, and the status in the journal."""

    async def referred() -> dict[str, Any] | None:
        card = await scene.heroine.card(scene.known["application"])
        return card if card["status"] == "REFERRED" else None

    card = await until(referred, "the status that the referral was issued")
    return Seen(
        f"Өтініштің статусы: «{card['status_text']['kk']}»; хат пен SMS келді",
        f"Статус заявления: «{card['status_text']['ru']}»; пришли письмо и SMS",
        await notices(scene),
    )


async def others_agree(scene: Scene) -> Seen:
    """What programs of others say about the document."""
    verdicts = await asyncio.to_thread(check_all, scene.known["pdf"], scene.known["root"], scene.folder / "checks")
    width = max(len(verdict.question) for verdict in verdicts)
    lines = [
        f"{'ok ' if verdict.is_right else 'BAD'} {verdict.question.ljust(width)}  {verdict.said}"
        for verdict in verdicts
    ]
    if not all(verdict.is_right for verdict in verdicts):
        raise Unexpected("the document does not pass:\n" + "\n".join(lines))
    return Seen(
        "Жолдаманы бөгде бағдарламалар тексерді: қол жарамды, бір байты өзгерсе - жарамсыз",
        "Направление проверили чужие программы: подпись верна, с одним изменённым байтом - нет",
        lines,
    )
