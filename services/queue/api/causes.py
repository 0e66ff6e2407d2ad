"""The causes of a number in the three languages of the city. Counts stand after a colon, so that no word is bent by them."""

from services.queue.api.labels import Label
from services.queue.domain.ledger.causes import Cause, Share
from services.queue.domain.ledger.forecast import Band
from services.queue.domain.words import PrivilegeClass


def _in(kk: str, ru: str, en: str) -> Label:
    return {"kk": kk, "ru": ru, "en": en}


CAUSE: dict[Cause, Label] = {
    Cause.YOU_ENTERED: _in(
        "Сіздің өтінішіңіз кезекке тұрды", "Ваше заявление встало в очередь", "your application entered"
    ),
    Cause.YOU_LEFT: _in("Сіздің өтінішіңіз кезектен шықты", "Ваше заявление вышло из очереди", "your application left"),
    Cause.YOUR_CLASS_CHANGED: _in(
        "Сіздің жеңілдігіңіз өзгерді", "Изменилась ваша льгота", "your own right to stand earlier changed"
    ),
    Cause.YOUR_DATE_CORRECTED: _in(
        "Сіздің тіркелген күніңіз түзетілді", "Исправлена ваша дата регистрации", "your own date was corrected"
    ),
    Cause.ENTERED: _in("Кезекке тұрды", "Встали в очередь", "entered"),
    Cause.RETURNED: _in("Кезекке қайтты", "Вернулись в очередь", "came back"),
    Cause.REFERRED: _in("Жолдама алды", "Получили направление", "got a referral"),
    Cause.ENROLLED: _in("Балабақшаға қабылданды", "Зачислены", "enrolled"),
    Cause.REMOVED: _in("Кезектен алынды", "Сняты с очереди", "removed from the queue"),
    Cause.STOPPED: _in("Тоқтату тізіміне енгізілді", "Внесены в стоп-лист", "put on the stop list"),
    Cause.LEFT: _in("Кезектен шықты", "Выбыли из очереди", "left the queue"),
    Cause.CLASS_CHANGED: _in("Жеңілдігі өзгерді", "Изменилась льгота", "right to stand earlier changed"),
    Cause.DATE_CORRECTED: _in("Тіркелген күні түзетілді", "Исправлена дата регистрации", "date corrected"),
    Cause.TURN_PASSED: _in("Кезек ауысты (1 : 3)", "Черёд перешёл (1 : 3)", "the turn passed (1 : 3)"),
}

CLASS: dict[PrivilegeClass, Label] = {
    PrivilegeClass.EXTRAORDINARY: _in("кезектен тыс құқықпен", "с внеочередным правом", "with extraordinary right"),
    PrivilegeClass.PRIORITY: _in("бірінші кезектегі құқықпен", "с первоочередным правом", "with priority right"),
    PrivilegeClass.GENERAL: _in("жеңілдіксіз", "без льготы", "without privilege"),
}

_OWN = frozenset({Cause.YOU_ENTERED, Cause.YOU_LEFT, Cause.YOUR_CLASS_CHANGED, Cause.YOUR_DATE_CORRECTED})
_NO_FORECAST = _in(
    "Болжам үшін осы кезектің тарихы жеткіліксіз",
    "Для прогноза у этой очереди пока недостаточно истории",
    "the past of this queue is too short, or stood still too long, for a forecast",
)


def sentence(share: Share) -> Label:
    """One cause in one line: what, with which right, how many, how far it moved the number."""
    return {language: _line(share, language) for language in ("kk", "ru", "en")}


def _line(share: Share, language: str) -> str:
    said = CAUSE[share.cause][language]
    if share.privilege is not None:
        said = f"{said} {CLASS[share.privilege][language]}"
    if share.cause not in _OWN:
        said = f"{said}: {share.count}"
    return f"{said} ({share.change:+d})"


def outlook(band: Band | None) -> Label:
    """The forecast in one line; it says of itself that it is no promise."""
    if band is None:
        return _NO_FORECAST
    first = band.earliest.isoformat()
    if band.latest is None:
        return _in(
            f"Кезегіңіз {first} күнінен ерте келмейді; бұл — уәде емес, өткен уақытқа негізделген болжам",
            f"Очередь подойдёт не раньше {first}; это прогноз по прошлому, а не обещание",
            f"the turn may come not before {first}; taken from the past, no promise",
        )
    last = band.latest.isoformat()
    return _in(
        f"Кезегіңіз {first} мен {last} аралығында келуі мүмкін; бұл — уәде емес, өткен уақытқа негізделген болжам",
        f"Очередь может подойти между {first} и {last}; это прогноз по прошлому, а не обещание",
        f"the turn may come between {first} and {last}; taken from the past, no promise",
    )
