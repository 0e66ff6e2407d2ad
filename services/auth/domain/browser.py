"""A browser in a few words, so that a person recognises the own sessions.

Of what a browser says of itself only a family and a system from a closed list are kept: the whole text would single out a
device.
"""

_FAMILIES = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("YaBrowser", "Yandex Browser"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def browser_hint(user_agent: str) -> str:
    """`Chrome, Windows`; the parts that are not in the lists are left out, so the hint may be empty."""
    found = (_first(user_agent, _FAMILIES), _first(user_agent, _SYSTEMS))
    return ", ".join(part for part in found if part)


def _first(user_agent: str, words: tuple[tuple[str, str], ...]) -> str:
    return next((name for mark, name in words if mark in user_agent), "")
