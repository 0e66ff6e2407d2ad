"""Checks the public ledger of the waiting list, and that a family's own rows stand in it. Needs Python alone.

    python verify_ledger.py ledger.json                           the days are chained
    python verify_ledger.py ledger.json --proof rows.json         ... and the rows of this family are in them
    python verify_ledger.py ledger.json --manifest FILE FILE...   ... and these files were published with one of them

`ledger.json` is what the door /public/ledger of the waiting list answers, `rows.json` what /applications/{id}/ledger
answers to the family, a manifest what /public/ledger/{day}/manifest answers. Keep an old `ledger.json`: with
`--before OLD` its days must stand unchanged in the new one. Ends with 0 when all is well, else with 1.

Written apart from the service, after RFC 6962, 2.1 and docs/ledger.md alone.
"""

import argparse
import hashlib
import json
import sys
from pathlib import Path
from typing import Any


class Wrong(Exception):
    """What does not agree."""


def sha(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def canonical(fields: dict[str, object]) -> bytes:
    return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def check_days(days: list[dict[str, object]]) -> dict[str, dict[str, object]]:
    """The days by their name, once each is found to say what its digest says and to follow the one before."""
    before = None
    for day in days:
        told = {name: day[name] for name in ("day", "size", "root", "manifest", "previous")}
        if sha(canonical(told)).hex() != day["chain"]:
            raise Wrong(f"{day['day']}: the day was changed after it was closed")
        if before is None and day["previous"] != "0" * 64:
            raise Wrong(f"{day['day']}: the first day that is shown is not the first day")
        if before is not None and (day["previous"] != before["chain"] or str(day["day"]) <= str(before["day"])):
            raise Wrong(f"{day['day']}: the day does not follow {before['day']}")
        before = day
    return {str(day["day"]): day for day in days}


def head(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """RFC 9162, 2.1.3.2: from a leaf and its audit path to the head of the tree."""
    if not 0 <= index < size:
        raise Wrong("the row would stand outside its day")
    node, last, digest = index, size - 1, leaf
    for step in path:
        if last == 0:
            raise Wrong("the path is too long for the day")
        if node % 2 or node == last:
            digest = sha(b"\x01" + step + digest)
            while node % 2 == 0 and node:
                node, last = node // 2, last // 2
        else:
            digest = sha(b"\x01" + digest + step)
        node, last = node // 2, last // 2
    if last:
        raise Wrong("the path is too short for the day")
    return digest


def check_rows(days: dict[str, dict[str, object]], given: dict[str, Any]) -> int:
    """How many rows of the family are proved; each must be its own and stand in a day of the ledger."""
    proved = 0
    for each in given["rows"]:
        row, proof = each["row"], each["proof"]
        name = f"row {row['sequence']}"
        if row.get("application_id") != given["application_id"]:
            raise Wrong(f"{name}: it is about another application")
        if proof is None:
            continue
        day = days.get(proof["day"])
        if day is None or day["size"] != proof["size"]:
            raise Wrong(f"{name}: there is no such day")
        leaf = sha(b"\x00" + canonical(row))
        if (
            head(leaf, proof["index"], proof["size"], [bytes.fromhex(step) for step in proof["path"]]).hex()
            != day["root"]
        ):
            raise Wrong(f"{name}: it is not in the ledger of {proof['day']} as it is shown here")
        proved += 1
    return proved


def check_files(days: dict[str, dict[str, object]], manifest: Path, files: list[Path]) -> str:
    """The day a manifest was published with; the files must be those that it lists."""
    digest = sha(manifest.read_bytes()).hex()
    day = next((name for name, each in days.items() if each["manifest"] == digest), None)
    if day is None:
        raise Wrong(f"{manifest}: no day of the ledger was published with this list")
    lines = (line.split("  ", 1) for line in manifest.read_text(encoding="utf-8").splitlines())
    listed = {name: value for value, name in lines}
    for file in files:
        if listed.get(file.name) != sha(file.read_bytes()).hex():
            raise Wrong(f"{file}: it is not the file that was published on {day}")
    return day


def check_older(old: list[dict[str, object]], told: list[dict[str, object]]) -> None:
    if told[: len(old)] != old:
        raise Wrong("the older copy has days that are not in this ledger")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ledger", type=Path)
    parser.add_argument("--proof", type=Path, help="the family's own rows")
    parser.add_argument("--before", type=Path, help="an older copy of the ledger")
    parser.add_argument("--manifest", type=Path, nargs="+", help="the list of files of a day, then such files")
    asked = parser.parse_args()
    try:
        told = json.loads(asked.ledger.read_text(encoding="utf-8"))["days"]
        days = check_days(told)
        print(f"{len(days)} days are chained")
        if asked.before:
            old = json.loads(asked.before.read_text(encoding="utf-8"))["days"]
            check_older(old, told)
            print(f"all {len(old)} days of the older copy stand unchanged")
        if asked.proof:
            given = json.loads(asked.proof.read_text(encoding="utf-8"))
            print(f"{check_rows(days, given)} of {len(given['rows'])} rows are in the ledger")
        if asked.manifest:
            listed, *files = asked.manifest
            day = check_files(days, listed, files)
            print(f"the list and {len(files)} files were published on {day}")
    except (Wrong, KeyError, TypeError, ValueError, AttributeError) as wrong:
        print(f"WRONG: {wrong}" if isinstance(wrong, Wrong) else "WRONG: the file is not of the expected form")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
