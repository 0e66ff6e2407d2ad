"""The fixed texts of the referral form: what the authority says to the family and to the preschool."""

from services.referral.documents.content import ReferralContent
from services.referral.documents.words import Both

SAMPLE = "ҮЛГІ / ОБРАЗЕЦ / SAMPLE"
"""Printed across the page until the certificate of a real authority is configured."""

TITLE = Both("ЖОЛДАМА", "НАПРАВЛЕНИЕ")
SUBTITLE = Both("мектепке дейінгі арнайы ұйымға қабылдау үшін", "на зачисление в специальную дошкольную организацию")

EQUAL_TO_PAPER = Both(
    "Осы құжат «Электрондық құжат және электрондық цифрлық қолтаңба туралы» Қазақстан Республикасының 2003 жылғы "
    "7 қаңтардағы № 370-II Заңы 7-бабының 1-тармағына сәйкес қағаз тасығыштағы құжатпен бірдей.",
    "Данный документ согласно пункту 1 статьи 7 Закона Республики Казахстан от 7 января 2003 года № 370-II "
    "«Об электронном документе и электронной цифровой подписи» равнозначен документу на бумажном носителе.",
)
NO_LEGAL_FORCE = Both(
    "Үлгі: нақты органның сертификаты бапталмаған, құжаттың заңды күші жоқ.",
    "Образец: сертификат действующего органа не настроен, документ не имеет юридической силы.",
)
TO_BRING = Both("Өзіңізбен бірге алып келіңіз", "Что принести с собой")
BRING = (
    Both("осы жолдама (қағаз немесе электрондық түрде)", "это направление (на бумаге или в электронном виде)"),
    Both("қабылдау туралы өтініш", "заявление о приёме"),
    Both("заңды өкілдің жеке басын куәландыратын құжат", "удостоверение личности законного представителя"),
    Both("баланың туу туралы куәлігі", "свидетельство о рождении ребёнка"),
    Both("баланың денсаулық паспорты, № 065/е нысан", "паспорт здоровья ребёнка, форма № 065/у"),
    Both("денсаулық жағдайы туралы анықтама, № 027/е нысан", "справка о состоянии здоровья, форма № 027/у"),
    Both("ПМПК қорытындысы", "заключение ПМПК"),
)
SIGNED = Both("Электрондық цифрлық қолтаңба", "Электронная цифровая подпись")
CHECK = Both("Құжатты тексеру", "Проверка документа")
NUMBER_NOTE = Both("* таңдау сәтіндегі нөмір", "* номер в момент выбора")


def sends(content: ReferralContent) -> Both:
    """The sentence by which the authority refers the child."""
    return Both(
        f"{content.issuer.kk} төменде аталған баланы мектепке дейінгі арнайы ұйымға жолдайды.",
        f"{content.issuer.ru} направляет названного ниже ребёнка в специальную дошкольную организацию.",
    )


def warning(content: ReferralContent) -> Both:
    """What follows when the referral is not presented in time (R35)."""
    days = content.stop_list_days
    return Both(
        f"Мерзімінде тапсырылмаған жолдаманың күші жойылады; бала {days} күнтізбелік күнге тоқтату тізіміне "
        "(стоп-параққа) енгізіліп, одан кейін бұрынғы күнімен кезекке қайта оралады.",
        f"Не предъявленное в срок направление аннулируется; ребёнок на {days} календарных дней вносится в стоп-лист, "
        "затем возвращается в очередь с прежней датой.",
    )


def enclosed(content: ReferralContent) -> Both:
    """The parent's own signature travels inside the document; its digest is printed so that the two belong together."""
    digest = content.choice_sha256
    return Both(
        f"Қоса тіркелген: өтініш беруші ЭЦҚ-мен қол қойған таңдау (choice.xml), SHA-256 {digest[:16]}…{digest[-8:]}",
        f"Приложен: выбор, подписанный ЭЦП заявителя (choice.xml), SHA-256 {digest[:16]}…{digest[-8:]}",
    )


def foot(content: ReferralContent) -> Both:
    """Equality with paper is claimed only under the seal of a real authority (law 370-II, article 7)."""
    return NO_LEGAL_FORCE if content.sample else EQUAL_TO_PAPER
