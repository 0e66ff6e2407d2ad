"""Pages from templates: one language, one person in session, nothing unescaped."""

import hashlib
import json
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from web.settings import WebSettings
from web.view import dates
from web.view.city import CONTACTS
from web.view.words import OWN_NAMES, Lang, Words, spoken

HERE = Path(__file__).resolve().parent.parent


class Renderer:
    """Renders the templates of `web/templates`."""

    def __init__(self, settings: WebSettings) -> None:
        self._jinja = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._jinja.globals.update(
            contacts=CONTACTS,
            languages=OWN_NAMES,
            scripts=_scripts(HERE / "vendor.json"),
            version=_version(HERE / "static"),
            ncalayer_url=settings.ncalayer_url,
            keys_page=settings.keys_page,
        )
        self._jinja.filters.update(minute=dates.minute, day=dates.day, last_minute=dates.last_minute, spoken=spoken)

    def page(
        self, request: Request, lang: Lang, name: str, status: int = 200, *, signed_in: bool = False, **context: Any
    ) -> HTMLResponse:
        """A template as an answer; `_` gives its texts, `full` its long dates, `url` a path in its language."""
        html = self._jinja.get_template(name).render(
            _=Words(lang),
            lang=lang.value,
            full=partial(dates.full, lang=lang),
            url=partial(_url, lang),
            path=request.url.path,
            signed_in=signed_in,
            **context,
        )
        return HTMLResponse(html, status)


def _url(lang: Lang, path: str = "") -> str:
    return f"/{lang}/{path.lstrip('/')}"


def _scripts(listed: Path) -> Mapping[str, Mapping[str, str]]:
    """The browser libraries by package: `src` and `integrity`."""
    libraries = json.loads(listed.read_text()) if listed.exists() else []
    return {
        each["package"]: {"src": f"/vendor/{Path(each['file']).name}?{each['version']}", "integrity": each["integrity"]}
        for each in libraries
        if each.get("for") != "tests"
    }


def _version(folder: Path) -> str:
    """Changes when a file of ours changes, so that browsers may keep them for long."""
    digest = hashlib.sha256()
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
