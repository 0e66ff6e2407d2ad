"""Writes the published JSON Schema of every fact: `python -m contracts.schemas`.

The files are compared, never edited.
"""

import json
from pathlib import Path
from typing import Any

from contracts import EVENTS, Fact

FOLDER = Path(__file__).parent / "schemas"


def schema(fact: type[Fact]) -> dict[str, Any]:
    """The JSON Schema of what a fact carries; a reader lets unknown fields pass."""
    body = fact.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": fact.type, **body}


def text(fact: type[Fact]) -> str:
    """The schema file's content."""
    return json.dumps(schema(fact), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def write(folder: Path = FOLDER) -> None:
    """Writes one file for each fact said today and deletes those of facts that are gone."""
    folder.mkdir(exist_ok=True)
    for stale in folder.glob("*.json"):
        if stale.stem not in EVENTS:
            stale.unlink()
    for type_, event in EVENTS.items():
        (folder / f"{type_}.json").write_text(text(event.fact), encoding="utf-8")


if __name__ == "__main__":
    write()
