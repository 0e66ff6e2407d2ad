"""The page on which a person at the screen chooses whose invented key the next dialog uses, and what happens in it.

The real program opens a window of its own instead; a page cannot be mistaken for it, and says so in three languages.
"""

from collections.abc import Sequence
from html import escape

from doubles.ncalayer.keyboard import Behaviour, Somebody

TITLE = "INVENTED KEYS – not NCALayer"
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""The content security policy of this page: it loads nothing and runs nothing."""

_WORDS = {
    Behaviour.SIGN: ("қол қояды", "подписывает", "signs"),
    Behaviour.CANCEL: ("бас тартады", "отменяет", "cancels"),
    Behaviour.MISTYPED: ("құпиясөзді қате тереді", "вводит неверный пароль", "mistypes the password"),
    Behaviour.WRONG_KIND: ("басқа түрдегі кілтті таңдайды", "берёт ключ другого вида", "takes the wrong kind of key"),
    Behaviour.EXPIRED: ("мерзімі өткен кілтті таңдайды", "берёт истёкший ключ", "takes an expired key"),
    Behaviour.REVOKED: ("қайтарып алынған кілтті таңдайды", "берёт отозванный ключ", "takes a revoked key"),
}

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="data:,">
<style>
body {{ font: 1rem/1.5 sans-serif; margin: 0 auto; max-width: 40rem; padding: 0 1rem 2rem; color: #111; background: #fff }}
header {{ background: #7a1c00; color: #fff; padding: .5rem 1rem; margin: 0 -1rem 1rem }}
h1 {{ font-size: 1.3rem; margin: 0 }}
header p, legend small {{ margin: 0 }}
fieldset {{ margin: 0 0 1rem; border: 1px solid #666 }}
label {{ display: block; padding: .4rem 0 }}
button {{ font: inherit; padding: .6rem 1.2rem }}
</style>
</head>
<body>
<header>
<h1>{title}</h1>
<p lang="kk">Ойдан шығарылған кілттер, NCALayer емес</p>
<p lang="ru">Вымышленные ключи, это не NCALayer</p>
</header>
<main>
<p>{now}</p>
{body}
</main>
</body>
</html>
"""

_FORM = """<form method="post" action="/">
<fieldset>
<legend><span lang="kk">Пернетақтада кім отыр</span> · <span lang="ru">кто за клавиатурой</span> · who is here</legend>
{people}
</fieldset>
<fieldset>
<legend><span lang="kk">Келесі терезеде не істейді</span> · <span lang="ru">что сделает</span> · what happens next</legend>
{behaviours}
</fieldset>
<button type="submit"><span lang="kk">Таңдау</span> · <span lang="ru">Выбрать</span> · Choose</button>
</form>"""


def render(people: Sequence[Somebody], seated: str | None, behaviour: Behaviour) -> str:
    """The page as HTML."""
    here = next((one for one in people if one.handle == seated), None)
    now = f"<strong>{escape(here.name)}</strong>: {_three(behaviour)}" if here else _tell_nobody()
    body = _form(people, seated, behaviour) if people else "<p>Nobody has been given keys yet.</p>"
    return _PAGE.format(title=TITLE, now=now, body=body)


def _form(people: Sequence[Somebody], seated: str | None, behaviour: Behaviour) -> str:
    chairs = [
        _radio("handle", one.handle, f"{escape(one.name)} ({escape(one.handle)})", on=one.handle == seated)
        for one in people
    ]
    acts = [_radio("behaviour", each, _three(each), on=each is behaviour) for each in Behaviour]
    return _FORM.format(people="\n".join(chairs), behaviours="\n".join(acts))


def _radio(name: str, value: str, words: str, *, on: bool) -> str:
    checked = " checked" if on else ""
    return f'<label><input type="radio" name="{name}" value="{escape(value)}" required{checked}> {words}</label>'


def _three(behaviour: Behaviour) -> str:
    kk, ru, en = _WORDS[behaviour]
    return f'<span lang="kk">{kk}</span> · <span lang="ru">{ru}</span> · {en}'


def _tell_nobody() -> str:
    return (
        '<span lang="kk">Пернетақтада ешкім жоқ</span> · <span lang="ru">за клавиатурой никого</span> · nobody is here'
    )
