"""Logs tell what happened to which ids, and never whose."""

import json
import subprocess
import sys

from services.chassis.telemetry import STRUCK, strike_out

CANARY = "210513600001"


def test_fields_whose_name_says_personal_are_struck_out_at_any_depth() -> None:
    line = strike_out(
        None,
        "info",
        {
            "event": "x",
            "child_id": "a",
            "child_iin": CANARY,
            "surname": "ТЕСТОВ",
            "guardian": {"email": "a@b.kz", "person_id": "p"},
            "signed_xml": "<x/>",
        },
    )

    assert line == {
        "event": "x",
        "child_id": "a",
        "child_iin": STRUCK,
        "surname": STRUCK,
        "guardian": {"email": STRUCK, "person_id": "p"},
        "signed_xml": STRUCK,
    }


def test_an_exception_is_logged_by_kind_and_place_without_its_text() -> None:
    script = f"""
import logging, structlog
from services.chassis.telemetry import configure_logs
configure_logs("queue", "INFO")
try:
    raise ValueError("the IIN {CANARY} is wrong")
except ValueError:
    structlog.get_logger("x").warning("queue.failed", exc_info=True, phone="{CANARY}")
    logging.getLogger("library").exception("library.failed")
"""
    printed = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout

    lines = [json.loads(line) for line in printed.splitlines()]
    assert CANARY not in printed
    assert [line["error"] for line in lines] == ["ValueError", "ValueError"]
    assert lines[0]["service"] == "queue"
