"""Apache Kafka, one node that is broker and controller: its settings, its formatting, its command line."""

import re
import subprocess
from pathlib import Path

from deploy.local.trouble import Trouble

ADMIN = "admin"
_CONTROLLER = "controller"

_SETTINGS = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller_port}
listeners=CLIENTS://127.0.0.1:{kafka_port},CONTROLLER://127.0.0.1:{controller_port}
advertised.listeners=CLIENTS://127.0.0.1:{kafka_port}
listener.security.protocol.map=CONTROLLER:SASL_PLAINTEXT,CLIENTS:SASL_PLAINTEXT
controller.listener.names=CONTROLLER
inter.broker.listener.name=CLIENTS
sasl.enabled.mechanisms=SCRAM-SHA-512
sasl.mechanism.inter.broker.protocol=SCRAM-SHA-512
sasl.mechanism.controller.protocol=PLAIN
listener.name.clients.scram-sha-512.sasl.jaas.config={scram} required username="admin" password="{admin}";
listener.name.controller.sasl.enabled.mechanisms=PLAIN
listener.name.controller.plain.sasl.jaas.config={plain} required \\
  username="controller" password="{controller}" user_controller="{controller}";
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:admin;User:controller
allow.everyone.if.no.acl.found=false
auto.create.topics.enable=false
log.dirs={data}
num.network.threads=2
num.io.threads=4
offsets.topic.num.partitions=3
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
broker.heartbeat.interval.ms=500
broker.session.timeout.ms=2000
"""

_LOGGING = """\
Configuration:
  status: warn
  Appenders:
    Console:
      name: STDOUT
      PatternLayout: {pattern: "%d{ISO8601} %-5p %c{1} %m%n"}
  Loggers:
    Root: {level: warn, AppenderRef: {ref: STDOUT}}
"""

_TOOLS = {"format": "kafka.tools.StorageTool", "broker": "kafka.Kafka"}


def write_settings(folder: Path, *, kafka_port: int, controller_port: int, admin: str, controller: str) -> None:
    """Write the broker's properties and logging into its folder; passwords are in it, so only its owner may read."""
    security = "org.apache.kafka.common.security"
    text = _SETTINGS.format(
        kafka_port=kafka_port,
        controller_port=controller_port,
        admin=admin,
        controller=controller,
        scram=f"{security}.scram.ScramLoginModule",
        plain=f"{security}.plain.PlainLoginModule",
        data=folder / "data",
    )
    write_private(folder / "server.properties", text)
    (folder / "log4j2.yaml").write_text(_LOGGING)


def format_words(folder: Path, users: dict[str, str]) -> list[str]:
    """Arguments of the storage tool that make an empty data folder holding these users and their passwords."""
    words = ["format", "--cluster-id", "zholdama-local-engine0", "--config", str(folder / "server.properties")]
    for user, password in users.items():
        words += ["--add-scram", f"SCRAM-SHA-512=[name={user},password={password}]"]
    return words


def java_words(
    home: Path, folder: Path, tool: str, arguments: list[str] | None = None, *, archive_to: Path | None = None
) -> list[str]:
    """The command of a Kafka program. Its words stand in a private file: a process list would show the passwords."""
    jars = ":".join(str(jar) for jar in sorted((home / "lib").glob("*.jar")))
    archive = f"-XX:ArchiveClassesAtExit={archive_to}" if archive_to else f"-XX:SharedArchiveFile={home}/{tool}.jsa"
    words = ["-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xlog:disable", "-Xlog:all=error:stderr"]
    words += [archive, f"-Dlog4j2.configurationFile={folder / 'log4j2.yaml'}", "-cp", jars, _TOOLS[tool]]
    words += arguments if arguments is not None else [str(folder / "server.properties")]
    file = folder / f"{tool}.args"
    write_private(file, "\n".join(f'"{word}"' for word in words) + "\n")
    return ["java", f"@{file}"]


def format_data(home: Path, folder: Path, users: dict[str, str]) -> None:
    """Make the data folder of a new broker; an unfinished one of an interrupted attempt is made anew."""
    if (folder / "data" / "meta.properties").exists():
        return
    words = java_words(home, folder, "format", format_words(folder, users))
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    (folder / "format.args").unlink()
    if done.returncode != 0:
        raise Trouble(f"Kafka could not format {folder / 'data'}: {(done.stderr or done.stdout).strip()[-400:]}")


def check_java() -> None:
    """Java 17 or newer must be there.

    Raises Trouble with what to install otherwise.
    """
    advice = "install openjdk-17-jre-headless, or run `make setup` as root, which does it"
    try:
        said = subprocess.run(["java", "-version"], capture_output=True, text=True, check=False).stderr
    except FileNotFoundError:
        raise Trouble(f"Kafka needs Java 17 or newer and this machine has none: {advice}.") from None
    found = re.search(r'version "(\d+)', said)
    if not found or int(found.group(1)) < 17:
        raise Trouble(f"Kafka needs Java 17 or newer and found {said.splitlines()[:1]}: {advice}.")


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read."""
    path.touch(mode=0o600)
    path.write_text(text)
