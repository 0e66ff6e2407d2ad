"""What a refusal says to a family and to the office, in Kazakh and Russian; and the table of statuses with its words."""

from collections.abc import Iterable

from fastapi import APIRouter
from pydantic import BaseModel

from services.queue.api import labels
from services.queue.domain.statuses import STEPS

Sentence = dict[str, str]


def _in(kk: str, ru: str) -> Sentence:
    return {"kk": kk, "ru": ru}


SENTENCE: dict[str, Sentence] = {
    "NO_SUCH_APPLICATION": _in("Мұндай өтініш табылмады.", "Такое заявление не найдено."),
    "NO_SUCH_PAIR": _in(
        "Бұл ЖСН мен өтініш нөмірі бойынша ештеңе табылмады.", "По этим ИИН и номеру ничего не найдено."
    ),
    "ALREADY_IN_QUEUE": _in("Бала осы түрдегі кезекте тұр.", "Ребёнок уже стоит в очереди этого вида."),
    "NUMBER_TAKEN": _in("Бұл нөмір басқа өтінішке берілген.", "Этот номер уже принадлежит другому заявлению."),
    "TOO_OLD": _in(
        "Бала осы оқу жылының 1 қыркүйегіне дейін шекті жасқа толады.",
        "Ребёнок достигает предельного возраста к 1 сентября этого учебного года.",
    ),
    "BIRTH_DATE_OUTSIDE": _in(
        "Туған күні болашақта немесе балабақшалар қабылдайтын жылдардан тыс.",
        "Дата рождения в будущем или вне лет, которые принимают детские сады.",
    ),
    "CATEGORY_REQUIRED": _in(
        "Арнайы балабақшалар кезегіне ПМПК қорытындысындағы санат қажет.",
        "Для очереди в специальные сады нужна категория из заключения ПМПК.",
    ),
    "CHOICE_IN_PROGRESS": _in(
        "Балаға орын ұсталып тұр: алдымен таңдауға қол қойыңыз немесе бас тартыңыз.",
        "За ребёнком удерживается место: сначала подпишите выбор или откажитесь от него.",
    ),
    "NOT_IN_QUEUE": _in("Өтініш қазір кезекте тұрған жоқ.", "Заявление сейчас не стоит в очереди."),
    "NOT_INVITED": _in("Өтініш қазір шақырылған жоқ.", "Заявление сейчас не приглашено."),
    "NO_SUCH_STEP": _in(
        "Өтініштің қазіргі мәртебесінде бұл әрекет мүмкін емес.", "Из нынешнего статуса заявления этот шаг невозможен."
    ),
    "CLOCK_WENT_BACK": _in(
        "Жүйе сағаты дұрыс емес, тіркеу уақытша тоқтатылды.", "Часы системы сбились, регистрация временно остановлена."
    ),
    "PRIVILEGE_MISSTATED": _in("Бұл жеңілдік басқа санаттағы құқық береді.", "Эта льгота даёт право другого вида."),
    "PRIVILEGE_NOT_HERE": _in(
        "Арнайы балабақшалар кезегінде ерекше қажеттілік жеңілдік бермейді.",
        "В очереди в специальные сады особые потребности не дают льготы.",
    ),
    "PRIVILEGE_EXPIRED": _in("Жеңілдік құжатының мерзімі өткен.", "Срок документа о льготе истёк."),
    "CONCLUSION_EXPIRED": _in("ПМПК қорытындысының мерзімі өткен.", "Срок заключения ПМПК истёк."),
    "CATEGORY_DIFFERS": _in(
        "Қорытындыда өтініштегіден басқа санат көрсетілген.", "В заключении указана другая категория, чем в заявлении."
    ),
    "DATE_IN_THE_FUTURE": _in("Құжаттың күні әлі келген жоқ.", "Дата документа ещё не наступила."),
    "DAY_NOT_AHEAD": _in("Соңғы күн өтіп кеткен немесе тым алыс.", "Последний день уже прошёл или слишком далёк."),
    "NOT_TWINS": _in(
        "Бір ағымда тұрған әртүрлі балалардың өтініштерін ғана егіздер ретінде байланыстыруға болады.",
        "Связать как близнецов можно только заявления разных детей из одного потока.",
    ),
    "TOO_LATE_TO_RETURN": _in(
        "Өтінішті бір рет және белгіленген мерзімде ғана қалпына келтіруге болады.",
        "Восстановить заявление можно один раз и только в установленный срок.",
    ),
    "SIGNATURE_REQUIRED": _in("Кезектен алуға ЭЦҚ-мен қол қою қажет.", "Снятие с очереди нужно подписать ЭЦП."),
    "NOTHING_TO_SIGN": _in(
        "Алдымен қол қойылатын құжатты сұраңыз; оның уақыты шектеулі.",
        "Сначала запросите документ для подписи; его срок ограничен.",
    ),
    "SIGNATURE_NOT_GOOD": _in(
        "Кезектен алуға қойылған қол жарамсыз.", "Подпись под снятием с очереди недействительна."
    ),
    "NOTHING_TO_APPEAL": _in("Қазір мұндай шағым беретін негіз жоқ.", "Сейчас для такой жалобы нет предмета."),
    "APPEAL_OPEN": _in("Осы туралы шағым қаралып жатыр.", "Жалоба об этом уже рассматривается."),
    "NO_SUCH_APPEAL": _in("Мұндай шағым табылмады.", "Такая жалоба не найдена."),
    "APPEAL_ANSWERED": _in("Бұл шағымға жауап берілген.", "На эту жалобу уже дан ответ."),
    "NO_SUCH_SPAN": _in(
        "Уақыт аралығының басы аяғынан кейін немесе болашақта.",
        "Промежуток должен начинаться до своего конца и не в будущем.",
    ),
    "NOT_PUBLISHED": _in(
        "Мұндай атаумен ештеңе жарияланбаған; балалар тым аз болса, ешқашан жарияланбайды.",
        "Под этим именем ничего не опубликовано; о слишком немногих детях не публикуется никогда.",
    ),
    "ROW_DIFFERS": _in("Бұл қатар бұрын басқаша енгізілген.", "Эта строка уже была внесена в другом виде."),
    "NUMBERS_USED_UP": _in("Бос нөмірлер таусылды.", "Свободные номера закончились."),
    "NOT_AN_OUTAGE": _in(
        "Іркіліс басталғаннан кейін аяқталады, болашақта болмайды және 31 күннен аспайды.",
        "Сбой кончается после начала, не лежит в будущем и длится не более 31 дня.",
    ),
}
"""By the stable code of a refusal; English stands in the answer itself."""


class StepAnswer(BaseModel):
    """One allowed step; `before` is empty where an application begins."""

    before: str | None
    after: str
    by: list[str]
    late: bool


class WordsAnswer(BaseModel):
    """The statuses in three languages, the steps between them, the sentences of refusals."""

    statuses: dict[str, labels.Label]
    steps: list[StepAnswer]
    sentences: dict[str, Sentence]


def words_door() -> APIRouter:
    """What every client says alike."""
    router = APIRouter(tags=["words"])

    @router.get("/statuses")
    async def statuses() -> WordsAnswer:
        return WordsAnswer(
            statuses={status.value: text for status, text in labels.STATUS.items()},
            steps=list(_steps()),
            sentences=SENTENCE,
        )

    return router


def _steps() -> Iterable[StepAnswer]:
    for step in STEPS.values():
        yield StepAnswer(before=step.before, after=step.after, by=[each.value for each in step.by], late=step.late)
