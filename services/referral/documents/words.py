"""The words of the referral in Kazakh and Russian (field names of the paper form; notes of the guide, steps 9 and 10)."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

ALMATY = ZoneInfo("Asia/Almaty")


@dataclass(frozen=True, slots=True)
class Both:
    """One text in both languages of the document."""

    kk: str
    ru: str


def same(text: str) -> Both:
    """A name or number that is written alike in both languages."""
    return Both(text, text)


_LANGUAGES = {"kk": Both("Қазақша", "Казахский"), "ru": Both("Орысша", "Русский")}
_PLACE_TYPES = {
    "GENERAL_USE": Both("жалпыға бірдей белгіленген", "общеустановленный"),
    "TEMPORARY": Both("уақытша", "временное"),
    "EARLY_BOOKING": Both("ерте брондау", "раннее бронирование"),
    "STAFF": Both("қызметкерлердің балалары үшін", "для детей сотрудников"),
}
_MODES = {
    "PRIORITY": Both("кезек бойынша", "в порядке очереди"),
    "FREE_CHOICE": Both("еркін таңдау", "свободный выбор"),
}
_CATEGORIES = {
    "SPEECH": Both("Сөйлеу тілінде күрделі бұзылыстары бар балалар", "Дети с тяжёлыми нарушениями речи"),
    "HEARING": Both("Есту қабілеті бұзылған балалар", "Дети с нарушениями слуха"),
    "VISION": Both("Көру қабілеті бұзылған балалар", "Дети с нарушениями зрения"),
    "INTELLECT": Both("Зияты бұзылған балалар", "Дети с нарушениями интеллекта"),
    "MOTOR": Both("Тірек-қимыл аппараты бұзылған балалар", "Дети с нарушениями опорно-двигательного аппарата"),
    "DELAY": Both("Психикалық дамуы тежелген балалар", "Дети с задержкой психического развития"),
    "EMOTION": Both(
        "Эмоциялық-ерік аясы бұзылған балалар, оның ішінде аутизм",
        "Дети с нарушениями эмоционально-волевой сферы, в том числе аутизмом",
    ),
    "COMPLEX": Both("Күрделі (кешенді) бұзылыстары бар балалар", "Дети со сложными (комбинированными) нарушениями"),
}
_DISTRICTS = {
    "ALATAU": Both("Алатау", "Алатауский"),
    "ALMALY": Both("Алмалы", "Алмалинский"),
    "AUEZOV": Both("Әуезов", "Ауэзовский"),
    "BOSTANDYK": Both("Бостандық", "Бостандыкский"),
    "ZHETYSU": Both("Жетісу", "Жетысуский"),
    "MEDEU": Both("Медеу", "Медеуский"),
    "NAURYZBAI": Both("Наурызбай", "Наурызбайский"),
    "TURKSIB": Both("Түрксіб", "Турксибский"),
}
_MONTHS = (
    ("қаңтарға", "января"),
    ("ақпанға", "февраля"),
    ("наурызға", "марта"),
    ("сәуірге", "апреля"),
    ("мамырға", "мая"),
    ("маусымға", "июня"),
    ("шілдеге", "июля"),
    ("тамызға", "августа"),
    ("қыркүйекке", "сентября"),
    ("қазанға", "октября"),
    ("қарашаға", "ноября"),
    ("желтоқсанға", "декабря"),
)
"""Of each month: Kazakh in the dative ('until'), Russian in the genitive."""

_WEEKDAYS_KK = ["дүйсенбі", "сейсенбі", "сәрсенбі", "бейсенбі", "жұма", "сенбі", "жексенбі"]
_WEEKDAYS_RU = ["понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье"]


def language_name(code: str) -> Both:
    """Language of instruction of a place."""
    return _LANGUAGES.get(code, same(code))


def place_type_name(code: str) -> Both:
    """Kind of a place ("тип места" of the guide's figure 9)."""
    return _PLACE_TYPES.get(code, same(code))


def mode_name(code: str) -> Both:
    """How the family came to the place: in its turn or by free choice."""
    return _MODES.get(code, same(code))


def category_name(code: str) -> Both:
    """Category of the group, in today's words (not the portal's older ones)."""
    return _CATEGORIES.get(code, same(code))


def district_name(code: str) -> Both:
    """District of Almaty by its code or by its name in either language; another word is printed as it came."""
    for known, name in _DISTRICTS.items():
        if code.upper() == known or code in (name.kk, name.ru):
            return name
    return same(code)


def last_day(day: date) -> Both:
    """'Valid through': the absolute last day, itself included (R33)."""
    return Both(
        kk=(
            f"{day.year} жылғы {day.day} {_MONTHS[day.month - 1][0]} ({_WEEKDAYS_KK[day.weekday()]}) дейін, "
            "осы күнді қоса алғанда"
        ),
        ru=f"по {day.day} {_MONTHS[day.month - 1][1]} {day.year} года ({_WEEKDAYS_RU[day.weekday()]}) включительно",
    )


def short_day(day: date) -> str:
    """A date in figures, the same in both languages."""
    return f"{day:%d.%m.%Y}"


def day_and_hour(at: datetime) -> str:
    """Local time of Almaty with its offset: the offset changed in 2024 and a paper outlives such changes."""
    local = at.astimezone(ALMATY)
    offset = local.utcoffset()
    hours = 0 if offset is None else int(offset.total_seconds() // 3600)
    return f"{local:%d.%m.%Y %H:%M:%S} (UTC+{hours})"
