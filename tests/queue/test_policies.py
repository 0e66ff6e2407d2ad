"""Rules as dated data: every profile can be read, counted by, and asked on the command line (R24, R50)."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import BaseModel
from typer.testing import CliRunner

from services.chassis.policy import load_policies
from services.notify.settings import NotifyPolicy
from services.queue.cli import commands
from services.queue.cli.window import POLICIES, rules_of_profile
from services.queue.settings import QueuePolicy
from services.queue.usecases.desk import can_be_served, rules_on
from services.referral.settings import ReferralPolicy
from services.vacancy.settings import VacancyPolicy

SECTIONS: dict[str, type[BaseModel]] = {
    "queue": QueuePolicy,
    "vacancy": VacancyPolicy,
    "referral": ReferralPolicy,
    "notify": NotifyPolicy,
}
PROFILES = sorted(path.stem for path in POLICIES.glob("*.yaml"))


def asked(published: str, policy: str = "almaty", *more: str) -> tuple[int, str]:
    """The command as an outsider runs it: no server, no settings."""
    typer = commands(lambda: pytest.fail("it needs no office"), lambda: pytest.fail("it asks no clock"))
    answer = CliRunner().invoke(typer, ["window", "--policy", policy, "--published", published, *more])
    return answer.exit_code, answer.output


@pytest.mark.parametrize(
    ("published", "counts", "last_day", "free_from"),
    [
        ("2019-05-21T07:00", True, "2019-05-23", "2019-05-24T07:00:00+06:00"),
        ("2023-05-16T07:00", True, "2023-05-18", "2023-05-19T07:00:00+06:00"),
        ("2021-05-13T12:17", False, "2021-05-18", "2021-05-19T07:00:00+06:00"),
        ("2026-03-19T07:00", True, "2026-03-26", "2026-03-27T07:00:00+05:00"),
        ("2026-03-20T12:00", False, "2026-03-30", "2026-03-31T07:00:00+05:00"),
        ("2024-05-02T07:00", True, "2024-05-04", "2024-05-05T07:00:00+05:00"),
        ("2025-01-03T07:00", False, "2025-01-08", "2025-01-09T07:00:00+05:00"),
        ("2026-12-31T07:00", True, "2027-01-06", "2027-01-07T07:00:00+05:00"),
        ("2027-03-11T07:00", True, "2027-03-16", "2027-03-17T07:00:00+05:00"),
        ("2024-02-28T07:00", True, "2024-03-01", "2024-03-02T07:00:00+05:00"),
        ("2019-05-21T01:00:00Z", True, "2019-05-23", "2019-05-24T07:00:00+06:00"),
    ],
)
def test_the_window_command_prints_the_last_day_and_the_moment_of_free_choice(
    published: str, counts: bool, last_day: str, free_from: str
) -> None:
    code, printed = asked(published)
    told = json.loads(printed)
    assert code == 0
    assert (told["counts_that_day"], told["last_day"], told["free_choice_from"]) == (counts, last_day, free_from)
    assert told["policy"] == "almaty@2018-05-15"


@pytest.mark.parametrize(
    ("policy", "published", "version", "last_day", "then"),
    [
        ("astana-2019", "2019-10-08T12:00", "astana-2019@2017-10-11", "2019-10-11", "free_choice"),
        ("astana-2019", "2019-10-11T12:00", "astana-2019@2019-10-09", "2019-10-12", "free_choice"),
        ("kz-2025", "2025-08-15T12:00", "kz-2025@2024-05-31", "2025-08-17", "next_in_queue"),
        ("voucher-2025", "2025-08-15T12:00", "voucher-2025@2025-01-01", "2025-08-19", "inactive"),
    ],
)
def test_other_profiles_count_by_their_own_rules(
    policy: str, published: str, version: str, last_day: str, then: str
) -> None:
    _, printed = asked(published, policy)
    told = json.loads(printed)
    assert (told["policy"], told["last_day"], told["then"]) == (version, last_day, then)
    assert (told["free_choice_from"] is None) == (then != "free_choice")


@pytest.mark.parametrize(
    ("published", "policy", "sentence"),
    [
        ("2010-01-01T07:00", "almaty", "no policy is valid on 2010-01-01"),
        ("2026-07-02T07:00", "voucher-2025", "no policy is valid on 2026-07-02"),
        ("2026-07-02T07:00", "atlantis", "there are no rules called atlantis"),
        ("yesterday", "almaty", "Invalid isoformat string"),
    ],
)
def test_what_cannot_be_reckoned_is_said_in_a_sentence(published: str, policy: str, sentence: str) -> None:
    code, printed = asked(published, policy)
    assert code == 2
    assert sentence in printed


def test_a_decree_is_an_entry_in_the_rules(tmp_path: Path) -> None:
    text = (POLICIES / "almaty.yaml").read_text(encoding="utf-8")
    changed = text.replace("days_off: []", "days_off: [2026-08-31]", 1)
    (tmp_path / "almaty.yaml").write_text(changed, encoding="utf-8")
    last = [
        json.loads(asked("2026-08-28T07:00", "almaty", *more)[1])["last_day"]
        for more in ((), ("--policies", str(tmp_path)))
    ]
    assert last == ["2026-09-01", "2026-09-02"]


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("section", SECTIONS)
def test_every_profile_can_be_read_by_every_service_and_names_the_act_it_rests_on(profile: str, section: str) -> None:
    policies = load_policies(POLICIES, profile, section, SECTIONS[section])
    assert all(policy.basis for _, policy in policies.versions)


def test_the_profiles_are_those_of_the_country_so_far() -> None:
    assert PROFILES == ["almaty", "astana-2019", "kz-2025", "voucher-2025"]


@pytest.mark.parametrize(
    ("profile", "served"), [("almaty", True), ("astana-2019", True), ("kz-2025", False), ("voucher-2025", False)]
)
def test_rules_that_the_services_cannot_keep_are_refused_at_the_start(profile: str, served: bool) -> None:
    rules = rules_of_profile(POLICIES, profile)
    if served:
        assert can_be_served(rules) == rules
        return
    with pytest.raises(ValueError, match="after_window"):
        can_be_served(rules)


@pytest.mark.parametrize("rule", ["batch_siblings", "appeal_freezes_place"])
def test_a_rule_that_nobody_keeps_is_refused_at_the_start_when_a_profile_switches_it_on(
    tmp_path: Path, rule: str
) -> None:
    text = (POLICIES / "almaty.yaml").read_text(encoding="utf-8")
    assert f"{rule}: false" in text
    (tmp_path / "almaty.yaml").write_text(text.replace(f"{rule}: false", f"{rule}: true"), encoding="utf-8")

    with pytest.raises(ValueError, match=rule):
        can_be_served(rules_of_profile(tmp_path, "almaty"))


def test_a_publication_heard_a_moment_late_still_counts_its_day() -> None:
    rules = rules_on(rules_of_profile(POLICIES, "almaty"), datetime(2026, 12, 1, 2, 0, 1, tzinfo=UTC))
    assert rules.window(datetime(2026, 12, 1, 2, 0, 1, tzinfo=UTC)).deadline == datetime(2026, 12, 3, 19, tzinfo=UTC)
