"""The cabinet's browser libraries: fetched once, checked, and never another file than the one that is meant."""

import json
from pathlib import Path

import pytest

from deploy.local import vendor
from deploy.local.layout import VENDOR
from deploy.local.trouble import Trouble
from deploy.local.vendor import Library, fetch, integrity

NPM = """\
#!/bin/sh
echo "$*" >>{calls}
while [ "$1" != --prefix ]; do shift; done
mkdir -p $2/node_modules/small/dist
printf 'content' >$2/node_modules/small/dist/small.min.js
printf 'free' >$2/node_modules/small/LICENSE.md
"""
SMALL = Library("small", "1.2.3", "dist/small.min.js", integrity(b"content"))


@pytest.fixture
def npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small npm in place of the real one, which writes down how it was called; the file of its calls."""
    calls, program = tmp_path / "calls", tmp_path / "bin" / "npm"
    program.parent.mkdir()
    program.write_text(NPM.format(calls=calls))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    return calls


def test_a_library_is_fetched_once_with_its_licence_and_no_script_of_it_runs(npm: Path, tmp_path: Path) -> None:
    said: list[str] = []
    fetch([SMALL], tmp_path / "vendor", said.append)
    fetch([SMALL], tmp_path / "vendor", said.append)
    assert {path.name: path.read_text() for path in (tmp_path / "vendor").iterdir()} == {
        "small.min.js": "content",
        "small.min.js.LICENSE": "free",
    }
    (call,) = npm.read_text().splitlines()
    assert {"install", "--no-package-lock", "--ignore-scripts", "small@1.2.3"} <= set(call.split())
    assert said == ["browser libraries: fetching small 1.2.3", "browser libraries: ready"]


def test_a_changed_file_is_fetched_anew(npm: Path, tmp_path: Path) -> None:
    fetch([SMALL], tmp_path / "vendor", lambda _: None)
    (tmp_path / "vendor" / "small.min.js").write_text("changed")
    fetch([SMALL], tmp_path / "vendor", lambda _: None)
    assert (tmp_path / "vendor" / "small.min.js").read_text() == "content"


def test_a_file_that_is_not_the_meant_one_is_refused_and_not_kept(npm: Path, tmp_path: Path) -> None:
    other = Library("small", "1.2.3", "dist/small.min.js", integrity(b"another"))
    with pytest.raises(Trouble, match=r"dist/small\.min\.js of small 1\.2\.3 is not the file .* it is not used"):
        fetch([other], tmp_path / "vendor", lambda _: None)
    assert not (tmp_path / "vendor" / "small.min.js").exists()


def test_a_file_that_the_package_lacks_is_refused(npm: Path, tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="found no such file"):
        fetch([Library("small", "1.2.3", "gone.js", SMALL.integrity)], tmp_path / "vendor", lambda _: None)


def test_an_npm_that_fails_is_one_sentence(npm: Path, tmp_path: Path) -> None:
    (tmp_path / "bin" / "npm").write_text("#!/bin/sh\necho 'npm error no such version' >&2\nexit 1\n")
    with pytest.raises(Trouble, match=r"could not fetch the browser libraries \(npm error no such version\)"):
        fetch([SMALL], tmp_path / "vendor", lambda _: None)


def test_without_npm_a_person_is_told_what_brings_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Trouble, match=r"npm, which fetches .* is absent; run `make setup` as root"):
        fetch([SMALL], tmp_path / "vendor", lambda _: None)


def test_every_library_of_the_list_is_there_and_pinned() -> None:
    named = json.loads(vendor.LIST.read_text("utf-8"))
    assert {each["package"]: each.get("for") for each in named} == {
        "ncalayer-js-client": None,
        "htmx.org": None,
        "axe-core": "tests",
    }
    assert [each.name for each in vendor.read() if not each.is_in(VENDOR)] == []
