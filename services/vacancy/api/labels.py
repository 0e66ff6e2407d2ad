"""The words of places in the three languages of the city (figure 9 of the parents' guide)."""

from collections.abc import Mapping

from contracts.fields import Category, QueueType
from services.vacancy.domain.words import Language, Mode, PlaceType

Label = dict[str, str]


def _in(kk: str, ru: str, en: str) -> Label:
    return {"kk": kk, "ru": ru, "en": en}


LANGUAGE: Mapping[Language, Label] = {
    Language.KK: _in("Қазақша", "На казахском", "in Kazakh"),
    Language.RU: _in("Орысша", "На русском", "in Russian"),
}

PLACE_TYPE: Mapping[PlaceType, Label] = {
    PlaceType.GENERAL_USE: _in("Жалпыға бірдей белгіленген", "Общеустановленный", "general use"),
    PlaceType.TEMPORARY: _in("Уақытша", "Временное", "temporary"),
    PlaceType.EARLY_BOOKING: _in("Ерте брондау", "Раннее бронирование", "early booking"),
    PlaceType.STAFF: _in("Қызметкерлердің балалары үшін", "Для детей сотрудников", "for children of staff"),
}

MODE: Mapping[Mode, Label] = {
    Mode.PRIORITY: _in("Кезек бойынша", "В порядке очереди", "by the queue"),
    Mode.FREE_CHOICE: _in("Еркін таңдау", "Свободный выбор", "free choice"),
}

QUEUE_TYPE: Mapping[QueueType, Label] = {
    QueueType.GENERAL: _in("Жалпы", "Общая", "general"),
    QueueType.CORRECTIONAL: _in("Арнайы (түзету)", "Специальная (коррекционная)", "special (correctional)"),
    QueueType.SANATORIUM: _in("Санаторлық", "Санаторная", "sanatorium"),
}

CATEGORY: Mapping[Category, Label] = {
    Category.SPEECH: _in("Сөйлеу тілінде күрделі бұзылыстары бар балалар", "Дети с нарушениями речи", "speech"),
    Category.HEARING: _in("Есту қабілеті бұзылған балалар", "Дети с нарушениями слуха", "hearing"),
    Category.VISION: _in("Көру қабілеті бұзылған балалар", "Дети с нарушениями зрения", "vision"),
    Category.INTELLECT: _in("Зияты бұзылған балалар", "Дети с нарушениями интеллекта", "intellectual"),
    Category.MOTOR: _in(
        "Тірек-қимыл аппараты бұзылған балалар", "Дети с нарушениями опорно-двигательного аппарата", "musculoskeletal"
    ),
    Category.DELAY: _in(
        "Психикалық дамуы тежелген балалар", "Дети с задержкой психического развития", "delayed development"
    ),
    Category.EMOTION: _in(
        "Эмоциялық-ерік аясы бұзылған балалар, оның ішінде аутизм",
        "Дети с РАС и нарушениями эмоционально-волевой сферы",
        "emotional-volitional, autism",
    ),
    Category.COMPLEX: _in("Күрделі (кешенді) бұзылыстары бар балалар", "Дети со сложными нарушениями", "complex"),
}

_DISTRICT: Mapping[str, Label] = {
    "ALATAU": _in("Алатау ауданы", "Алатауский район", "Alatau district"),
    "ALMALY": _in("Алмалы ауданы", "Алмалинский район", "Almaly district"),
    "AUEZOV": _in("Әуезов ауданы", "Ауэзовский район", "Auezov district"),
    "BOSTANDYK": _in("Бостандық ауданы", "Бостандыкский район", "Bostandyk district"),
    "ZHETYSU": _in("Жетісу ауданы", "Жетысуский район", "Zhetysu district"),
    "MEDEU": _in("Медеу ауданы", "Медеуский район", "Medeu district"),
    "NAURYZBAI": _in("Наурызбай ауданы", "Наурызбайский район", "Nauryzbai district"),
    "TURKSIB": _in("Түрксіб ауданы", "Турксибский район", "Turksib district"),
}


def district(code: str) -> Label:
    """A district of the city; one that is not in the list stands as it was entered."""
    return _DISTRICT.get(code, _in(code, code, code))
