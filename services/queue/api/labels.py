"""The words of the journal in the three languages of the city."""

from services.queue.domain.words import Category, PrivilegeKind, QueueType, Status

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

PROCESS: dict[str, Label] = {
    "SUBMITTED": _in("Өтініш берілді", "Заявление подано", "submitted"),
    "UNDER_REVIEW": _in("Қаралуда", "На рассмотрении", "under review"),
    "DECIDED": _in("Шешім қабылданды", "Решение принято", "decision made"),
}
"""The first of the two levels of a state: how far the request itself has come; the status says where the child is."""


def process_state(status: Status) -> str:
    """How far the request has come: everything but a filing that waits for its review has been decided."""
    return status.value if status.value in PROCESS else "DECIDED"


PRIVILEGE: dict[PrivilegeKind | None, Label] = {
    None: _in("Жеңілдіксіз", "Без льготы", "none"),
    PrivilegeKind.EXTRAORDINARY: _in("Кезектен тыс құқық", "Внеочередное право", "extraordinary right"),
    PrivilegeKind.PRIORITY: _in("Бірінші кезектегі құқық", "Первоочередное право", "priority right"),
    PrivilegeKind.MILITARY_SERVICE: _in(
        "Әскери қызметшінің баласы", "Ребёнок военнослужащего", "child of a serviceman or servicewoman"
    ),
    PrivilegeKind.SPECIAL_STATE_BODY: _in(
        "Арнаулы мемлекеттік орган қызметкерінің баласы",
        "Ребёнок сотрудника специального государственного органа",
        "child of an employee of a special state body",
    ),
    PrivilegeKind.PARENT_WITH_DISABILITY: _in(
        "Ата-анасының мүгедектігі бар бала", "Ребёнок родителя с инвалидностью", "child of a parent with disability"
    ),
    PrivilegeKind.WITHOUT_PARENTAL_CARE: _in(
        "Ата-анасының қамқорлығынсыз қалған бала",
        "Ребёнок, оставшийся без попечения родителей",
        "child without parental care",
    ),
    PrivilegeKind.ORPHAN: _in("Жетім бала", "Ребёнок-сирота", "orphan"),
    PrivilegeKind.LARGE_FAMILY: _in("Көпбалалы отбасы", "Многодетная семья", "large family"),
    PrivilegeKind.SPECIAL_EDUCATIONAL_NEEDS: _in(
        "Ерекше білім беруді қажет ететін бала",
        "Ребёнок с особыми образовательными потребностями",
        "child with special educational needs",
    ),
    PrivilegeKind.CHILD_WITH_DISABILITY: _in(
        "Мүгедектігі бар баланы тәрбиелеп отырған отбасы",
        "Семья, воспитывающая ребёнка с инвалидностью",
        "family raising a child with disability",
    ),
    PrivilegeKind.TEACHER: _in("Педагогтің баласы", "Ребёнок педагога", "child of a teacher"),
}

_REGION: dict[str, Label] = {
    "almaty": _in("Алматы қаласы", "город Алматы", "Almaty"),
}


def region(code: str) -> Label:
    """A region by its code; one that has no words here is shown by its code."""
    return _REGION.get(code, _in(code, code, code))
