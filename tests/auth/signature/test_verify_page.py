"""The page for outsiders: its commands run as they stand, and it leaves no finding unexplained."""

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from doubles.nca.certificates import Usage
from doubles.ncalayer.sign import sign_xml
from services.auth.cli.outside import MISUSE
from services.auth.cli.verify import EXIT_CODES
from services.auth.domain.verdict import Finding
from tests.auth.hands import AIGERIM, NOW, Hands
from tests.auth.signature.test_verify_command import DEPARTMENT, ISSUED, Desk

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "verify.md").read_text()
COMMANDS = [line for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) for line in block.splitlines()]
NOT_FROM_FILES = {"REVOCATION_NONCE", "SIGNER_UNKNOWN", "SIGNER_NOT_A_GUARDIAN", "SIGNER_IS_ANOTHER"}
"""Found only where the authority is asked, or where people and children are known."""


@pytest.fixture
def folder(hands: Hands, tmp_path: Path) -> Path:
    """The files of the page."""
    desk = Desk(tmp_path, hands)
    hands.authority.write_anchors(tmp_path / "anchors")
    key = hands.authority.issue(DEPARTMENT, Usage.SIGN)
    desk.put("issued.xml", ISSUED)
    desk.put("full.crl", hands.authority.crl())
    desk.put("delta.crl", hands.authority.delta_crl())
    for name, usage in (("signed", Usage.SIGN), ("login", Usage.AUTH)):
        desk.put(f"{name}.xml", hands.signed(ISSUED, usage, AIGERIM))
    desk.put("answer.der", desk.answer_about(hands.key(Usage.SIGN)))
    desk.put("login.der", desk.answer_about(hands.key(Usage.AUTH)))
    desk.put("referral.xml", sign_xml(ISSUED, key))
    desk.put("department.der", desk.answer_about(key))
    return tmp_path


def test_every_command_of_the_page_runs_as_it_stands(folder: Path) -> None:
    assert len(COMMANDS) == 5
    for line in COMMANDS:
        program, *words = shlex.split(line)
        assert program == "python"
        trying = ["--test-authority"] if "verify" in words else []
        result = subprocess.run(
            [sys.executable, *words, *trying],
            cwd=folder,
            env={"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert result.returncode == 0, (line, result.stdout, result.stderr)
        told = json.loads(result.stdout)
        assert told.get("indication", "PASSED") == "PASSED"
        assert told.get("issued_by_pinned", True)


def test_the_moment_on_the_page_is_the_one_tried_here() -> None:
    moments = {NOW.strftime("%Y-%m-%dT%H:%MZ")}
    assert set(re.findall(r"--at (\S+)", "\n".join(COMMANDS))) == moments


def test_every_finding_is_explained() -> None:
    """`…_WORD` on the page stands for every finding that ends so, `WORD_…` for every one that begins so."""
    cells = [line.split("|")[1] for line in PAGE.splitlines() if line.startswith("| ")]
    told = [word for cell in cells for word in re.findall(r"[A-Z…_]{4,}", cell)]

    def explained(finding: str) -> bool:
        return any(
            finding == word
            or (word.endswith("…") and finding.startswith(word[:-1]))
            or (word.startswith("…") and finding.endswith(word[1:]))
            for word in told
        )

    assert [finding for finding in Finding if finding not in NOT_FROM_FILES and not explained(finding)] == []


def test_the_exit_codes_are_those_of_the_page() -> None:
    for indication, code in EXIT_CODES.items():
        assert f"| {code} | {indication} |" in PAGE
    assert f"| {MISUSE} | – |" in PAGE
