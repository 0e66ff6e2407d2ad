"""A frozen dataclass of a domain as a MongoDB document and back.

Enums become their values, dates ISO strings, tuples and sets lists; a field that is None is absent from the document, so that
partial unique indexes hold only where there is something to be unique.
"""

import dataclasses
from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any, TypeVar

from pydantic import TypeAdapter

T = TypeVar("T")


def to_value(value: Any) -> Any:
    """One value as BSON knows it."""
    if isinstance(value, Enum):
        return value.value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return to_document(value)
    if isinstance(value, Mapping):
        return {str(key): to_value(item) for key, item in value.items()}
    if isinstance(value, (frozenset, set)):
        return sorted(to_value(item) for item in value)
    if isinstance(value, (list, tuple)):
        return [to_value(item) for item in value]
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    return value


def to_document(state: Any) -> dict[str, Any]:
    """A dataclass as a document; fields that are None are left out."""
    document = {field.name: getattr(state, field.name) for field in dataclasses.fields(state)}
    return {name: to_value(value) for name, value in document.items() if value is not None}


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def from_document(kind: type[T], document: Mapping[str, Any]) -> T:
    """The dataclass a document holds; plumbing fields beside it are passed over."""
    adapter: TypeAdapter[T] = _adapter(kind)  # type: ignore[arg-type]
    return adapter.validate_python(dict(document))


def field_names(kind: Any) -> tuple[str, ...]:
    """The fields of a dataclass, as they are named at the top of its document."""
    return tuple(field.name for field in dataclasses.fields(kind))
