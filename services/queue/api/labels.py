"""The words of the journal in the three languages of the city."""

from services.queue.domain.words import Category, QueueType, Status

Label = dict[str, str]


def _in(kk: str, ru: str, en: str) -> Label:
    return {"kk": kk, "ru": ru, "en": en}


STATUS: dict[Status, Label] = {
    Status.SUBMITTED: _in("Өтініш берілді", "Заявление подано", "submitted"),
    Status.UNDER_REVIEW: _in("Қаралуда", "На рассмотрении", "under review"),
    Status.REFUSED: _in("Бас тартылды", "Отказано", "refused"),
    Status.QUEUED: _in("Кезекте", "В очереди", "in queue"),
    Status.NOTIFIED: _in("Хабарлама жіберілді", "Уведомление отправлено", "notified"),
    Status.REFERRED: _in("Жолдама берілді", "Направление выдано", "referral issued"),
    Status.ENROLLED: _in("Балабақшаға қабылданды", "Зачислен", "enrolled"),
    Status.STOP_LIST: _in("Тоқтату тізімінде (стоп-парақ)", "В стоп-листе", "in stop list"),
    Status.INACTIVE: _in("Белсенді емес", "Неактивно", "inactive"),
    Status.REMOVED: _in("Кезектен алынды", "Снят с очереди", "removed from queue"),
    Status.DISCHARGED: _in("Балабақшадан шығарылды", "Выбыл (отчислен)", "discharged"),
}

QUEUE_TYPE: dict[QueueType, Label] = {
    QueueType.GENERAL: _in("Жалпы", "Общая", "general"),
    QueueType.CORRECTIONAL: _in("Арнайы (түзету)", "Специальная (коррекционная)", "special (correctional)"),
    QueueType.SANATORIUM: _in("Санаторлық", "Санаторная", "sanatorium"),
}

CATEGORY: dict[Category, Label] = {
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
