"""An instance from its start to the last process gone, and what it says when something is in the way."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from confluent_kafka import OFFSET_BEGINNING, Consumer, Producer, TopicPartition
from pymongo import MongoClient
from pymongo.write_concern import WriteConcern

from deploy.local import engines, leftovers
from deploy.local.layout import ENGINES, RUN, Layout
from deploy.local.stack import Stack
from deploy.local.temporary import free_port_base, remove, temporary_stack
from deploy.local.trouble import Trouble

ROOT = Path(__file__).parents[2]
TOPIC = "zholdama.vacancy.place.v1"
HOLDER = """
import sys, time
from pathlib import Path
from deploy.local.stack import Stack
stack = Stack(Path(sys.argv[1]), int(sys.argv[2]))
stack.up_engines()
print("up", flush=True)
time.sleep(120)
"""


@pytest.fixture(scope="module")
def own() -> Iterator[Stack]:
    """Engines that may be killed: not those of the test run."""
    with temporary_stack("local") as made:
        made.up_engines()
        yield made


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder for an instance that another process starts."""
    made = RUN / f"held-{os.getpid()}"
    yield made
    leftovers.end(made, ENGINES)
    remove(made)


def left_in(folder: Path) -> list[int]:
    return leftovers.find(folder, ENGINES)


def gone_within(folder: Path, seconds: float) -> bool:
    """Whether no process of the instance is left after at most so many seconds."""
    end = time.monotonic() + seconds
    while left_in(folder):
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


def test_what_mongo_acknowledged_survives_the_death_of_all_its_processes(own: Stack) -> None:
    concern = WriteConcern(w="majority", j=True)
    with MongoClient[dict[str, int]](own.mongo_url("queue")) as client:
        collection = client["queue"].get_collection("survivors", write_concern=concern)
        for number in range(50):
            assert collection.insert_one({"_id": number}).acknowledged
        own.kill("mongo")
    own.restart("mongo")
    with MongoClient[dict[str, int]](own.mongo_url("queue")) as client:
        assert client["queue"]["survivors"].count_documents({}) == 50


def test_what_kafka_acknowledged_survives_its_death(own: Stack) -> None:
    writer = Producer({**own.kafka("vacancy"), "acks": "all"})
    for number in range(50):
        writer.produce(TOPIC, str(number).encode(), partition=0)
    assert writer.flush(15) == 0
    own.kill("kafka")
    own.restart("kafka")
    reader = Consumer({**own.kafka("subscriber"), "group.id": "subscriber.survivors"})
    reader.assign([TopicPartition(TOPIC, 0, OFFSET_BEGINNING)])
    end, values = time.monotonic() + 20, set[bytes]()
    while len(values) < 50 and time.monotonic() < end:
        message = reader.poll(0.5)
        if message is not None and message.error() is None:
            values.add(message.value() or b"")
    reader.close()
    assert values == {str(number).encode() for number in range(50)}


def test_an_engine_that_died_is_named_with_what_to_do(own: Stack) -> None:
    assert own.deaths() == []
    own.kill("kafka")
    end = time.monotonic() + 5
    while own.status()["kafka"] == "RUNNING" and time.monotonic() < end:
        time.sleep(0.05)
    (said,) = own.deaths()
    assert said.startswith("The process kafka died; its data are kept: run `make up` to start it again.")
    with pytest.raises(Trouble, match="The process kafka does not run"):
        own.pid("kafka")
    own.up_engines()
    assert own.deaths() == []


def test_starting_what_runs_changes_nothing(own: Stack) -> None:
    before = {name: own.pid(name) for name in engines.NAMES}
    own.up_engines()
    assert {name: own.pid(name) for name in engines.NAMES} == before


def test_secrets_are_readable_by_their_owner_only(own: Stack) -> None:
    folder = own.layout.folder
    closed = [folder / name for name in ("logs", "kafka", "postgres", "programs", "supervisord.conf")]
    for path in (own.layout.secrets, *own.layout.secrets.rglob("*"), *closed):
        assert path.stat().st_mode & 0o077 == 0, path
    assert folder.stat().st_mode & 0o066 == 0
    passwords = [path.read_text() for path in own.layout.secrets.rglob("*") if path.is_file()]
    words = " ".join(Path(f"/proc/{own.pid(name)}/cmdline").read_text() for name in engines.NAMES)
    assert not [password for password in passwords if password in words]


def test_an_unknown_process_is_a_sentence(own: Stack) -> None:
    with pytest.raises(Trouble, match="There is no process kettle"):
        own.restart("kettle")


def test_after_down_no_process_is_left_and_data_are_kept() -> None:
    with temporary_stack("downed") as stack:
        stack.up_engines()
        with MongoClient[dict[str, int]](stack.mongo_url("auth")) as client:
            client["auth"]["kept"].insert_one({"_id": 1})
        assert len(left_in(stack.layout.folder)) > 5
        stack.down()
        assert left_in(stack.layout.folder) == []
        assert stack.status() == {}
        stack.up_engines()
        with MongoClient[dict[str, int]](stack.mongo_url("auth")) as client:
            assert client["auth"]["kept"].count_documents({}) == 1


def test_nothing_is_left_when_the_maker_is_killed(folder: Path) -> None:
    command = [sys.executable, "-c", HOLDER, str(folder), str(free_port_base())]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as maker:
        assert maker.stdout is not None
        assert maker.stdout.readline() == "up\n"
        assert left_in(folder)
        maker.kill()
    assert gone_within(folder, 20)


def test_nothing_is_left_when_the_supervisor_is_killed_too(folder: Path) -> None:
    command = [sys.executable, "-c", HOLDER, str(folder), str(free_port_base())]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as maker:
        assert maker.stdout is not None
        assert maker.stdout.readline() == "up\n"
        os.kill(int((folder / "supervisord.pid").read_text()), signal.SIGKILL)
        maker.kill()
    assert gone_within(folder, 20)


def test_an_interrupted_start_leaves_nothing_running(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHOLDAMA_INSTANCE", folder.name)
    monkeypatch.setenv("ZHOLDAMA_PORT_BASE", str(free_port_base()))
    command = [sys.executable, "-m", "deploy.local", "up", "--only", "engines"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        while not (folder / "supervisord.pid").exists():
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        assert process.wait(30) != 0
    assert gone_within(folder, 1)


def test_a_taken_port_is_named_with_the_setting_that_moves_it() -> None:
    with temporary_stack("taken") as stack, socket.socket() as other:
        other.bind(("127.0.0.1", stack.layout.port("kafka")))
        other.listen()
        expected = f"Port {stack.layout.port('kafka')} for kafka is taken .* or set ZHOLDAMA_PORT_BASE"
        with pytest.raises(Trouble, match=expected):
            stack.up_engines()
        assert left_in(stack.layout.folder) == []


def test_the_command_says_trouble_in_one_sentence_and_fails(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHOLDAMA_INSTANCE", folder.name)
    monkeypatch.setenv("ZHOLDAMA_PORT_BASE", "32760")
    command = [sys.executable, "-m", "deploy.local", "up"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "set ZHOLDAMA_PORT_BASE to a number in between" in done.stderr


def test_data_of_another_engine_version_are_refused_untouched() -> None:
    with temporary_stack("versions") as stack:
        data = stack.layout.folder / "postgres" / "data"
        data.mkdir(parents=True)
        (data / "PG_VERSION").write_text("12\n")
        (data.parent / "written-by.json").write_text('{"version": "12"}')
        with pytest.raises(Trouble, match="were written by postgres 12, and the installed engine is"):
            stack.up_engines()
        assert [path.name for path in data.iterdir()] == ["PG_VERSION"]
        assert left_in(stack.layout.folder) == []


def test_a_path_too_long_for_sockets_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="characters too long for a socket"):
        Layout(tmp_path / ("deep" * 30), 20000)
