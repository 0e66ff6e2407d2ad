"""The project's own processes of an instance as programs: services, the cabinet, doubles of other organisations."""

import functools
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping

from deploy.local.engines import answers
from deploy.local.layout import ROOT, SERVICES, Layout
from deploy.local.programs import Program

DOUBLES = ("nca", "ncalayer", "twilio", "mailbox")
SMTP = "smtp"
WEB = "web"
WSS = "ncalayer-wss"
"""The second port of the NCALayer double, where it listens as the real program does."""


def existing_services() -> list[str]:
    """The services that can be started: those with a `__main__.py`."""
    return [name for name in SERVICES if (ROOT / "services" / name / "__main__.py").exists()]


def existing_web() -> list[str]:
    """The cabinet, when it can be started."""
    return [WEB] if (ROOT / WEB / "__main__.py").exists() else []


def existing_doubles() -> list[str]:
    """The doubles that can be started, the SMTP server included."""
    found = [name for name in DOUBLES if (ROOT / "doubles" / name / "__main__.py").exists()]
    if (ROOT / "doubles" / "mailbox" / "postfix.py").exists():
        found.append(SMTP)
    return found


def program(layout: Layout, name: str, variables: Mapping[str, str]) -> Program:
    """How to run a service, the cabinet or a double; each is started again when it dies.

    A service and the cabinet are ready when they say so, a double when it takes connections.
    """
    port = layout.port(name)
    command = [sys.executable, "-m", _module(name)]
    probe = functools.partial(answers, port)
    if name in (*SERVICES, WEB):
        probe = functools.partial(_says_yes, f"{layout.address(name)}/readyz")
    elif name == SMTP:
        where = ["--run-dir", str(layout.folder), "--port", str(port), "--serve"]
        ungrouped = [sys.executable, "-m", "deploy.local.ungrouped"]
        command = [*ungrouped, sys.executable, "-m", "doubles.mailbox.postfix", *where]
    ports = (name, WSS) if name == "ncalayer" else (name,)
    return Program(name, command, ports, probe, variables, again=True)


def _module(name: str) -> str:
    if name == WEB:
        return WEB
    return f"services.{name}" if name in SERVICES else f"doubles.{name}"


def _says_yes(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
